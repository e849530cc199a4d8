// Follows a session in pieces, from its beginning or from somewhere in it, and goes on from where it was whatever happens.

import type { Batch } from '@biplane/runtime/session-streams'

import type { Chance } from './chance.ts'
import type { Network } from './network.ts'
import type { Reading, SessionSeen } from './observed.ts'
import type { World } from './world.ts'

const BETWEEN_MS_MAX = 2_500
const JOINS_WITHIN_MS = 20_000

export class LogReader {
  readonly #world: World
  readonly #network: Network
  readonly #of: SessionSeen
  readonly #chance: Chance
  readonly reading: Reading

  constructor(world: World, network: Network, of: SessionSeen, chance: Chance) {
    this.#world = world
    this.#network = network
    this.#of = of
    this.#chance = chance.fork()
    this.reading = { session: of.session, from: 0, events: [], next: 0, closed: false }
  }

  async follow(pieces: number): Promise<void> {
    if (this.#chance.once(2)) await this.#beginInTheMiddle()
    for (let i = 0; i < pieces; i++) {
      await this.#world.passed(this.#chance.below(BETWEEN_MS_MAX))
      await this.#piece(this.#chance.once(2) ? 0 : this.#chance.below(BETWEEN_MS_MAX))
    }
  }

  async toTheEnd(): Promise<void> {
    while ((await this.#piece(0)) > 0);
  }

  /** Somewhere in what is in the log by now: as one who has read it up to there before. */
  async #beginInTheMiddle(): Promise<void> {
    await this.#world.passed(this.#chance.below(JOINS_WITHIN_MS))
    const answer = await this.#read(0)
    if (answer === null) return
    this.reading.from = this.reading.next = this.#chance.below(answer.next + 1)
  }

  /** Answers how many events came. */
  async #piece(wait_ms: number): Promise<number> {
    const { reading } = this
    const answer = await this.#read(wait_ms)
    if (answer === null) return 0
    const { events, next, closed } = answer
    reading.events.push(...events)
    reading.next = next
    reading.closed ||= closed
    return events.length
  }

  async #read(wait_ms: number): Promise<Batch | null> {
    const { tenant, session } = this.#of
    const answer = await this.#network.ask(tenant, (front) => front.follow(session, this.reading.next, wait_ms))
    return answer === 'silence' || 'refused' in answer ? null : answer.told
  }
}

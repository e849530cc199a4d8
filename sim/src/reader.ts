// Follows a session in pieces, from its beginning or from somewhere in it, and goes on from where it was whatever happens.

import type { Chance } from './chance.ts'
import type { Network } from './network.ts'
import type { Reading, SessionSeen } from './observed.ts'
import type { World } from './world.ts'

const BETWEEN_MS_MAX = 2_500

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
    const from = this.#chance.once(2) ? 0 : this.#chance.below(10)
    this.reading = { session: of.session, from, events: [], next: from, closed: false }
  }

  async follow(pieces: number): Promise<void> {
    for (let i = 0; i < pieces; i++) {
      await this.#world.passed(this.#chance.below(BETWEEN_MS_MAX))
      await this.#piece(this.#chance.once(2) ? 0 : this.#chance.below(BETWEEN_MS_MAX))
    }
  }

  async toTheEnd(): Promise<void> {
    while ((await this.#piece(0)) > 0);
  }

  /** Answers how many events came. */
  async #piece(wait_ms: number): Promise<number> {
    const { reading } = this
    const { tenant, session } = this.#of
    const answer = await this.#network.ask(tenant, (front) => front.follow(session, reading.next, wait_ms))
    if (answer === 'silence' || 'refused' in answer) return 0
    const { events, next, closed } = answer.told
    reading.events.push(...events)
    reading.next = next
    reading.closed ||= closed
    return events.length
  }
}

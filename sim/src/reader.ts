// Follows a session in pieces, from its beginning or from somewhere in it, and goes on from where it was whatever happens.

import type { Entry } from '@biplane/runtime/store-port'

import type { Chance } from './chance.ts'
import type { Network } from './network.ts'
import type { Reading, SessionSeen } from './observed.ts'
import type { World } from './world.ts'

const PIECE_MAX = 20
const BETWEEN_MS_MAX = 2_500
const TO_THE_END = 1_000

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
    this.reading = { session: of.session, from: this.#chance.once(2) ? 0 : this.#chance.below(10), entries: [] }
  }

  async follow(pieces: number): Promise<void> {
    for (let i = 0; i < pieces; i++) {
      await this.#world.passed(this.#chance.below(BETWEEN_MS_MAX))
      await this.#piece(this.#chance.between(1, PIECE_MAX))
    }
  }

  async toTheEnd(): Promise<void> {
    while ((await this.#piece(TO_THE_END)) === TO_THE_END);
  }

  async #piece(limit: number): Promise<number> {
    const { entries, from } = this.reading
    const { tenant, session } = this.#of
    const after = entries.at(-1)?.seq ?? from
    const answer = await this.#network.ask(tenant, (front) => front.read(session, after, limit))
    const piece: Entry[] = answer !== 'silence' && 'told' in answer ? answer.told : []
    entries.push(...piece)
    return piece.length
  }
}

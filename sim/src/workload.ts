// Who does what in one simulation: sessions of two tenants, clients, readers, and somebody who ends processes.

import type { Chance } from './chance.ts'
import { Client } from './client.ts'
import { type Errand, anyErrand, crowdErrand } from './errand.ts'
import type { Network } from './network.ts'
import type { Observed, SessionSeen } from './observed.ts'
import { LogReader } from './reader.ts'
import type { World } from './world.ts'

const TENANTS = ['acme', 'globex'] as const
const WITHIN_MS = 30_000
const READER_PIECES = 24
const KILLS_MAX = 3
const REQUESTS_MIN = 2
const REQUESTS_MAX = 5

const CROWD_MIN = 2
const CROWD_MAX = 6

export class Workload {
  readonly readers: LogReader[] = []
  /** Resolves when all have done what they came for. */
  readonly done: Promise<unknown>
  readonly #world: World
  readonly #network: Network
  readonly #observed: Observed
  /** What many come for at once; null if they do not. */
  readonly #crowd: Errand | null

  constructor(world: World, network: Network, observed: Observed, chance: Chance) {
    this.#world = world
    this.#network = network
    this.#observed = observed
    this.#crowd = chance.once(3) ? null : crowdErrand(chance, WITHIN_MS)
    const sessions = TENANTS.flatMap((tenant) =>
      Array.from({ length: chance.between(1, 2) }, (_, i) => this.#session(tenant, `${tenant}-${i}`, chance.fork())),
    )
    this.done = Promise.all([...sessions, endProcesses(world, chance.fork())])
  }

  async #session(tenant: string, key: string, chance: Chance): Promise<void> {
    // Both ask for the same session.
    const times = chance.once(3) ? 2 : 1
    const seen = await Promise.all(Array.from({ length: times }, () => this.#open(tenant, key)))
    this.#observed.sessions.push(...seen)
    await this.#inSession(seen[0] as SessionSeen, chance)
  }

  async #open(tenant: string, key: string): Promise<SessionSeen> {
    const answer = await this.#network.insist(tenant, (front) => front.createSession(key))
    if ('refused' in answer) throw new Error(`A session was refused: ${answer.refused}`)
    return { tenant, key, session: answer.told }
  }

  async #inSession(seen: SessionSeen, chance: Chance): Promise<void> {
    const [world, network, observed] = [this.#world, this.#network, this.#observed]
    const readers = Array.from({ length: chance.between(1, 2) }, () => new LogReader(world, network, seen, chance))
    this.readers.push(...readers)
    const uses = (count: number, errand: Errand, name: string) =>
      Array.from({ length: count }, (_, i) =>
        new Client(world, network, observed, chance).use(seen, `${seen.key}.${name}${i}`, errand),
      )
    const crowd = this.#crowd ? uses(chance.between(CROWD_MIN, CROWD_MAX), this.#crowd, 'crowd') : []
    const close = chance.once(3) ? [this.#close(seen, chance)] : []
    await Promise.all([
      ...uses(chance.between(REQUESTS_MIN, REQUESTS_MAX), anyErrand(WITHIN_MS), ''),
      ...crowd,
      ...close,
      ...readers.map((reader) => reader.follow(READER_PIECES)),
    ])
  }

  /** While there is work in it, or not; perhaps twice. */
  async #close({ tenant, session }: SessionSeen, chance: Chance): Promise<void> {
    await this.#world.passed(chance.below(WITHIN_MS))
    for (let times = chance.once(3) ? 2 : 1; times > 0; times--) {
      const answer = await this.#network.insist(tenant, (front) => front.closeSession(session))
      if ('told' in answer) this.#observed.closings.add(session)
    }
  }
}

/** At any moment, and in the way of a kill or of an orderly stop. */
async function endProcesses(world: World, chance: Chance): Promise<void> {
  for (let kills = chance.below(KILLS_MAX + 1); kills > 0; kills--) {
    await world.passed(chance.below(WITHIN_MS))
    if (!world.life.isUp) continue
    if (chance.once(2)) world.life.die()
    else await world.life.stop()
  }
}

// Who does what in one simulation: sessions of two tenants, clients, readers, and somebody who ends processes.

import type { Chance } from './chance.ts'
import { Client } from './client.ts'
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

export interface Workload {
  readers: LogReader[]
  /** Resolves when all have done what they came for. */
  done: Promise<unknown>
}

export function begin(world: World, network: Network, observed: Observed, chance: Chance): Workload {
  const readers: LogReader[] = []
  const inSession = async (seen: SessionSeen, chance: Chance) => {
    observed.sessions.push(seen)
    const ofSession = Array.from({ length: chance.between(1, 2) }, () => new LogReader(world, network, seen, chance))
    readers.push(...ofSession)
    const uses = Array.from({ length: chance.between(REQUESTS_MIN, REQUESTS_MAX) }, (_, i) =>
      new Client(world, network, observed, chance).use(seen, `${seen.key}.${i}`, WITHIN_MS),
    )
    await Promise.all([...uses, ...ofSession.map((reader) => reader.follow(READER_PIECES))])
  }
  const open = async (tenant: string, key: string) => {
    const answer = await network.insist(tenant, (front) => front.createSession(key))
    if ('refused' in answer) throw new Error(`A session was refused: ${answer.refused}`)
    return { tenant, key, session: answer.told }
  }
  const session = async (tenant: string, key: string, chance: Chance) => {
    // Both ask for the same session.
    const twice = chance.once(3) ? [open(tenant, key)] : []
    const seen = await open(tenant, key)
    for (const again of twice) observed.sessions.push(await again)
    await inSession(seen, chance)
  }
  const sessions = TENANTS.flatMap((tenant) =>
    Array.from({ length: chance.between(1, 2) }, (_, i) => session(tenant, `${tenant}-${i}`, chance.fork())),
  )
  return { readers, done: Promise.all([...sessions, endProcesses(world, chance.fork())]) }
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

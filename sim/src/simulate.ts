// One seed from its beginning to the verdict.

import type { Store } from '@biplane/runtime/store-port'

import { Chance } from './chance.ts'
import { CHECKERS } from './checks/checkers.ts'
import { orphansOf } from './checks/orphans.ts'
import { gatherEvidence } from './evidence.ts'
import { Network } from './network.ts'
import { Observed } from './observed.ts'
import { settle } from './settle.ts'
import { begin } from './workload.ts'
import { World } from './world.ts'

export interface Violation {
  checker: string
  saw: string
}

export interface Verdict {
  seed: number
  /** The same for two runs that did the same. */
  trace: string
  commands: number
  writes: number
  crashes: number
  requests: number
  executions: number
  violations: Violation[]
}

export type OpenStore = (clock: { now(): number }) => Store

/** `print` is given the trace, line by line. */
export async function simulate(
  seed: number,
  openStore: OpenStore,
  print: ((line: string) => void) | null = null,
): Promise<Verdict> {
  const chance = new Chance(seed)
  const world = new World(chance, openStore, print)
  const network = new Network(world, chance)
  const observed = new Observed()
  const violations: Violation[] = []
  const found = (checker: string, saw: readonly string[]) =>
    violations.push(...saw.map((each) => ({ checker, saw: each })))

  await world.begin()
  const { readers, done } = begin(world, network, observed, chance)
  if (!(await world.run())) found('liveness', ['Time goes on for ever.'])
  found('orphans', await orphansOf(world))
  world.crashNoMore()
  found(
    'liveness',
    (await settle(world, network, observed)).map((id) => `${id} does not end.`),
  )
  for (const { reading } of readers) observed.readings.push(reading)
  const reading = Promise.all(readers.map((reader) => reader.toTheEnd()))
  await world.run()
  await Promise.all([done, reading])

  const evidence = await gatherEvidence(world, observed)
  for (const [name, check] of Object.entries(CHECKERS)) found(name, await check(evidence))
  found('complaints', world.complaints)
  const { commands, writes } = world.witness
  const { crashes } = world
  await world.store.close()
  const executions = evidence.executions.length
  return {
    seed,
    trace: world.witness.digest(),
    commands,
    writes,
    crashes,
    requests: network.requests,
    executions,
    violations,
  }
}

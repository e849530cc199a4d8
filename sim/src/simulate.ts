// One seed from its beginning to the verdict.

import type { Store } from '@biplane/runtime/store-port'

import { Chance } from './chance.ts'
import { CHECKERS } from './checks/checkers.ts'
import { orphansOf } from './checks/orphans.ts'
import { gatherEvidence } from './evidence.ts'
import { Network } from './network.ts'
import { Observed } from './observed.ts'
import { settle } from './settle.ts'
import { Workload } from './workload.ts'
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
  const found: Found = (checker, saw) => violations.push(...saw.map((each) => ({ checker, saw: each })))
  await carryOut(world, network, observed, chance, found)
  const evidence = await gatherEvidence(world, observed)
  for (const [name, check] of Object.entries(CHECKERS)) found(name, await check(evidence))
  found('complaints', world.complaints)
  await world.store.close()
  const { commands, writes } = world.witness
  const { requests } = network
  const executions = evidence.executions.length
  const trace = world.witness.digest()
  return { seed, trace, commands, writes, crashes: world.crashes, requests, executions, violations }
}

type Found = (checker: string, saw: readonly string[]) => void

/** First everybody does what they came for; then everything is brought to its end; then the readers read to the end. */
async function carryOut(world: World, network: Network, observed: Observed, chance: Chance, found: Found) {
  const run = async () => {
    if (!(await world.run())) found('liveness', ['Time goes on for ever.'])
  }
  await world.begin()
  const { readers, done } = new Workload(world, network, observed, chance)
  const acted = endOf(done)
  await run()
  found('orphans', await orphansOf(world))
  world.crashNoMore()
  const unfinished = await settle(world, network, observed)
  found(
    'liveness',
    unfinished.map((execution) => `${execution} does not end.`),
  )
  for (const { reading } of readers) observed.readings.push(reading)
  const read = endOf(Promise.all(readers.map((reader) => reader.toTheEnd())))
  await run()
  found('clients', [...acted, ...read])
}

/** Says how something ended that has to have ended when nothing goes on any more; empty if it is done. */
function endOf(work: Promise<unknown>): Iterable<string> {
  let end: string[] = ['Somebody still waits for an answer.']
  work.then(
    () => (end = []),
    (error: unknown) => (end = [String(error)]),
  )
  return { [Symbol.iterator]: () => end.values() }
}

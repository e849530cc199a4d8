// Lets everything come to its end: what is paused is resumed, what is parked is tried again and in the end settled by hand, what
// waits for a signal gets it. Nothing crashes and nothing is lost meanwhile.

import type { ExecutionId, TenantId } from '@biplane/protocol'
import type { Entry, ExecutionRow } from '@biplane/runtime/store-port'

import type { Chance } from './chance.ts'
import type { Network } from './network.ts'
import type { Observed } from './observed.ts'
import type { World } from './world.ts'

const ROUNDS_MAX = 60
const UNFINISHED_MAX = 10_000
const ENTRIES_MAX = 10_000
/** An execution that parks more often is settled by hand. */
const TRIES_MAX = 3
const STEPS_MAX = 8

/** Executions that do not end whatever is done for them; empty if all is well. */
export async function settle(world: World, network: Network, observed: Observed): Promise<ExecutionId[]> {
  network.calm = true
  const parked = new Map<ExecutionId, number>()
  let left: ExecutionRow[] = []
  for (let round = 0; round < ROUNDS_MAX; round++) {
    left = (await world.store.listUnfinished(null, UNFINISHED_MAX)).items
    if (left.length === 0) return []
    const pushes = left.map((row) => push(world, network, observed, row, parked))
    if (!(await world.run())) break
    await Promise.all(pushes)
  }
  return left.map(({ execution_id }) => execution_id)
}

async function push(
  world: World,
  network: Network,
  observed: Observed,
  row: ExecutionRow,
  parked: Map<ExecutionId, number>,
): Promise<void> {
  const { tenant_id, execution_id } = row
  if (row.status === 'paused') return void (await network.insist(tenant_id, (front) => front.resume(execution_id)))
  const entries = await world.store.readExecution(execution_id, 0, ENTRIES_MAX)
  if (row.status !== 'parked') return sendAwaited(network, row, entries)
  const times = (parked.get(execution_id) ?? 0) + 1
  parked.set(execution_id, times)
  if (times <= TRIES_MAX) return void (await network.insist(tenant_id, (front) => front.resume(execution_id)))
  await settleStep(network, observed, { tenant: tenant_id, execution: execution_id }, nextToUndo(entries))
}

interface Name {
  tenant: TenantId
  execution: ExecutionId
}

/** Settles what comes next, something that does not, or the whole execution as it is. */
export async function settleOnce(
  world: World,
  network: Network,
  observed: Observed,
  name: Name,
  chance: Chance,
): Promise<void> {
  const next = nextToUndo(await world.store.readExecution(name.execution, 0, ENTRIES_MAX))
  const step = chance.pick([next, next, null, chance.below(STEPS_MAX)])
  await settleStep(network, observed, name, step)
}

async function settleStep(network: Network, observed: Observed, name: Name, step: number | null): Promise<void> {
  const { tenant, execution } = name
  const answer = await network.insist(tenant, (front) => front.settle(execution, step ?? undefined))
  observed.settles.push({ execution, step, done: 'told' in answer })
}

interface Call {
  ordinal: number
  name: string
  approval?: object
}

const callIn = ({ data }: Entry): Call => JSON.parse(data) as Call

/** A signal for each wait that has not ended. */
async function sendAwaited(network: Network, row: ExecutionRow, entries: readonly Entry[]): Promise<void> {
  const ended = new Set(
    entries
      .filter(({ type }) => type === 'signal.taken' || type === 'signal.expired')
      .map((entry) => callIn(entry).ordinal),
  )
  const open = entries.filter((entry) => entry.type === 'signal.awaited' && !ended.has(callIn(entry).ordinal))
  for (const { seq, ...entry } of open) {
    const { name, approval } = callIn(entry as Entry)
    const signal = { name, signal_id: `at_last_${seq}`, ...(approval && { approved: true }) }
    await network.insist(row.tenant_id, (front) => front.signal(row.execution_id, signal))
  }
}

/** The step whose undo failed last and was not settled; null if no undo did. */
function nextToUndo(entries: readonly Entry[]): number | null {
  const failed = entries.findLast(({ type }) => type === 'saga.undo_failed')
  return failed ? callIn(failed).ordinal : null
}

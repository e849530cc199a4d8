// Reads an execution from the log whole, and puts it together with what it inherited from the executions that it was forked from.

import { type ExecutionId, ProblemError } from '@biplane/protocol'

import type { Entry, Store } from '../store/port.ts'
import type { History } from './history.ts'
import { FORK_DEPTH_MAX, LOAD_ENTRIES } from './limits.ts'
import { forkOf, readHistory } from './read-history.ts'

/** Where entries of executions are read: a store, or the data of one that another process has. */
export type ExecutionLog = Pick<Store, 'readExecution'>

/** @throws ProblemError history_gone, of one that has ended */
export async function entriesOf(log: ExecutionLog, execution: ExecutionId): Promise<Entry[]> {
  const all: Entry[] = []
  for (;;) {
    const some = await log.readExecution(execution, all.at(-1)?.seq ?? 0, LOAD_ENTRIES)
    all.push(...some)
    if (some.length < LOAD_ENTRIES) break
  }
  if (all[0]?.type !== 'intent.accepted') throw new ProblemError('history_gone')
  return all
}

export const historyOf = async (log: ExecutionLog, execution: ExecutionId): Promise<History> =>
  withInherited(log, await entriesOf(log, execution), 0)

async function withInherited(log: ExecutionLog, entries: Entry[], depth: number): Promise<History> {
  const fork = forkOf(entries)
  if (!fork || depth >= FORK_DEPTH_MAX) return readHistory(entries)
  const source = await entriesOf(log, fork.execution_id)
  const shared = source.filter(({ seq }) => seq <= fork.through_seq)
  return readHistory(entries, await withInherited(log, shared, depth + 1))
}

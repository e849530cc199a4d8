// The entries that a command has appended, put together from the command and its answer, so that the writer need not send them
// back.

import type { Entry, NewEntry } from '../port.ts'
import { sessionClosed } from '../session-closed.ts'
import type { WriteAnswer } from './group-commit.ts'
import type { CommandOf, WriteRequest, WriteVerb } from './writes.ts'

type Appended = NonNullable<Extract<WriteAnswer, { result: unknown }>['appended']>
type Log = Pick<Entry, 'tenant_id' | 'session_id'> & { entries: readonly NewEntry[] }

const LOGS: { [V in WriteVerb]: (command: CommandOf<V>) => Log | null } = {
  acceptIntent: ({ execution, entries }) => ({ ...ids(execution), entries }),
  claimShards: () => null,
  closeSession: (command) => ({ ...ids(command), entries: [command.closing] }),
  createSession: ({ session, entry }) => ({ ...ids(session), entries: [entry] }),
  cutLog: () => null,
  recordExecution: (command) => ({ ...ids(command), entries: command.entries }),
  releaseShards: () => null,
  sweepKeys: () => null,
}

export function appendedEntries({ verb, command }: WriteRequest, { pos, seq, status }: Appended): Entry[] {
  const log = logOf(verb, command)
  if (!log) return []
  const { tenant_id, session_id, entries } = log
  const last = entries.at(-1)
  const all = status === 'closed' && last ? [...entries, sessionClosed(last.time_ms)] : entries
  return all.map(({ kind, type, execution_id, time_ms, data, secret }, i) => ({
    pos: pos + i,
    seq: seq + i,
    session_id,
    tenant_id,
    kind,
    type,
    execution_id,
    time_ms,
    data,
    secret,
  }))
}

/** Whose log a command appends to, and what it appends; null if it appends nothing. */
// The verb and the command are of one request, which the compiler cannot follow through the table.
export const logOf = (verb: WriteVerb, command: WriteRequest['command']): Log | null => LOGS[verb](command as never)

const ids = ({ tenant_id, session_id }: Pick<Entry, 'tenant_id' | 'session_id'>) => ({ tenant_id, session_id })

import type { CutLog, LogCut } from '../port.ts'
import { lineage } from './lineage.ts'
import type { SessionRecord, Tables } from './tables.ts'

export function cutLog(tables: Tables, command: CutLog): LogCut {
  const { tenant_id, session_id, entries_max } = command
  tables.requireLease(command.lease)
  const session = tables.session(tenant_id, session_id)
  if (!session) return { entries: 0, more: false, first_seq: 1, tenant_floor: 0 }
  session.looked_ms = command.looked_ms
  const below = Math.min(command.before_seq, session.last_seq, neededFrom(tables, session))
  const going = session.entries.slice(0, entries_max).filter(({ seq }) => seq < below)
  session.entries.splice(0, going.length)
  const first_seq = session.entries[0]?.seq ?? session.last_seq
  for (const { entries } of executionsOf(tables, session)) {
    entries.splice(0, entries.filter(({ seq }) => seq < first_seq).length)
  }
  const log = tables.logOf(tenant_id)
  const last = going.at(-1)
  if (last) log.floor += log.entries.splice(0, log.entries.findLastIndex(({ pos }) => pos <= last.pos) + 1).length
  const more = going.length === entries_max && first_seq < below
  return { entries: going.length, more, first_seq, tenant_floor: log.floor }
}

/** The seq of the first entry that an execution needs which has not ended; infinite if none does. */
function neededFrom(tables: Tables, session: SessionRecord): number {
  const unfinished = executionsOf(tables, session).filter(({ row }) => row.ended_ms === null)
  const firsts = unfinished.flatMap(({ row }) => [...lineage(tables, row.execution_id)])
  return Math.min(...firsts.map((first) => first?.seq ?? Infinity))
}

const executionsOf = (tables: Tables, { row: { session_id } }: SessionRecord) =>
  [...tables.executions.values()].filter(({ row }) => row.session_id === session_id)

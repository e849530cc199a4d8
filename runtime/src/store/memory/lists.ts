// Pages of rows, and what is due. Ids sort by age, so the order of ids is the order of time.

import type { SessionId, TenantId } from '@biplane/protocol'

import { begunCursor, pageOf } from '../page.ts'
import type * as port from '../port.ts'
import { compareUtf8, statesWith } from './state.ts'
import type { ExecutionRecord, Tables } from './tables.ts'

type Due = Awaited<ReturnType<port.Store['dueTimers']>>

export function listSessions(
  tables: Tables,
  tenant: TenantId,
  after: string | null,
  limit: number,
): port.PageOf<port.SessionRow> {
  const rows = [...tables.sessions.values()]
    .map(({ row }) => row)
    .filter(({ tenant_id, session_id }) => tenant_id === tenant && (after === null || session_id < after))
    .sort((a, b) => compareUtf8(b.session_id, a.session_id))
  return pageOf(structuredClone(rows.slice(0, limit + 1)), limit, (row) => row.session_id)
}

export function listUncut(
  tables: Tables,
  before_ms: number,
  limit: number,
): Pick<port.SessionRow, 'tenant_id' | 'session_id'>[] {
  return [...tables.sessions.values()]
    .filter(({ looked_ms }) => looked_ms < before_ms)
    .sort(
      (a, b) =>
        a.looked_ms - b.looked_ms ||
        compareUtf8(a.row.tenant_id, b.row.tenant_id) ||
        compareUtf8(a.row.session_id, b.row.session_id),
    )
    .slice(0, limit)
    .map(({ row: { tenant_id, session_id } }) => ({ tenant_id, session_id }))
}

export function listExecutions(
  tables: Tables,
  filter: port.ExecutionFilter,
  after: string | null,
  limit: number,
): port.PageOf<port.ExecutionRow> {
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined) as [
    keyof port.ExecutionFilter,
    string,
  ][]
  const rows = [...tables.executions.values()]
    .filter(({ row }) => wanted.every(([field, value]) => row[field] === value))
    .filter(({ row }) => after === null || row.execution_id < after)
  return pageOf(rowsOf(rows).reverse(), limit, (row) => row.execution_id)
}

export function listUnfinished(tables: Tables, after: string | null, limit: number): port.PageOf<port.ExecutionRow> {
  const rows = [...tables.executions.values()].filter(
    ({ row }) => row.ended_ms === null && (after === null || row.execution_id > after),
  )
  return pageOf(rowsOf(rows), limit, (row) => row.execution_id)
}

export function listBegun(
  tables: Tables,
  intent_type: string,
  since_ms: number,
  after: string | null,
  limit: number,
): port.PageOf<port.Begun> {
  const rows = [...tables.executions.values()].flatMap(({ row }): port.Begun[] => {
    const { execution_id, rate_lane, began_ms } = row
    const isOne = row.intent_type === intent_type && rate_lane !== null && began_ms !== null && began_ms >= since_ms
    return isOne ? [{ execution_id, rate_lane, began_ms }] : []
  })
  rows.sort((a, b) => a.began_ms - b.began_ms || compareUtf8(a.execution_id, b.execution_id))
  const first = after === null ? 0 : rows.findIndex((row) => begunCursor(row) === after) + 1
  return pageOf(rows.slice(first), limit, begunCursor)
}

export function listState(
  tables: Tables,
  scope: port.StateScope,
  owner: SessionId | TenantId,
  prefix: string,
  after: string | null,
  limit: number,
): port.PageOf<port.StateRow> {
  const rows = statesWith(tables, scope, owner, prefix).filter(
    ({ key }) => after === null || compareUtf8(key, after) > 0,
  )
  return pageOf(
    rows.map((row) => ({ ...row })),
    limit,
    (row) => row.key,
  )
}

export function dueTimers(tables: Tables, now_ms: number, limit: number): Due {
  const timers = [...tables.executions.values()].flatMap(({ row, timers }) =>
    [...timers.values()].map((timer) => ({ tenant_id: row.tenant_id, ...timer })),
  )
  timers.sort(
    (a, b) =>
      a.due_ms - b.due_ms ||
      compareUtf8(a.tenant_id, b.tenant_id) ||
      compareUtf8(a.execution_id, b.execution_id) ||
      a.ordinal - b.ordinal,
  )
  const due = timers.filter(({ due_ms }) => due_ms <= now_ms).slice(0, limit)
  return { due, next_ms: timers[due.length]?.due_ms ?? null }
}

const rowsOf = (executions: readonly ExecutionRecord[]): port.ExecutionRow[] =>
  executions.map(({ row }) => ({ ...row })).sort((a, b) => compareUtf8(a.execution_id, b.execution_id))

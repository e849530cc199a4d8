// The commands that append. Each decides before it writes, so that one that throws has changed nothing.

import type { TenantId } from '@biplane/protocol'

import { isFinal } from '../is-final.ts'
import type * as port from '../port.ts'
import { takesIntents } from '../session-closed.ts'
import { append, closeIfIdle } from './append.ts'
import { isWhole } from './lineage.ts'
import { findKey, keepKeys } from './request-keys.ts'
import { checkState, writeState } from './state.ts'
import type { ExecutionRecord, Tables } from './tables.ts'

export function createSession(tables: Tables, command: port.CreateSession): port.CreatedSession {
  const { lease, session: row, key, entry } = command
  tables.requireLease(lease)
  const keys = key ? [key] : []
  const made = findKey(tables, row.tenant_id, keys)
  if (made) {
    const session = made === 'conflict' ? null : made.session
    return session ? { outcome: 'existing', session: structuredClone(session.row) } : { outcome: 'key_conflict' }
  }
  if (command.at_quota) return { outcome: 'quota_exceeded' }
  if (tables.sessions.has(row.session_id)) throw new Error(`Session ${row.session_id} exists already.`)
  const session = { row: structuredClone(row), entries: [], last_seq: 0, looked_ms: row.created_ms, unfinished: 0 }
  tables.sessions.set(row.session_id, session)
  append(tables, session, [entry])
  keepKeys(tables, row.tenant_id, keys, { execution: null, session, made_ms: row.created_ms })
  return { outcome: 'created', session: structuredClone(row) }
}

export function closeSession(tables: Tables, command: port.CloseSession): port.ClosedSession {
  tables.requireLease(command.lease)
  const session = tables.session(command.tenant_id, command.session_id)
  if (!session) return { outcome: 'not_found' }
  if (session.row.status !== 'open') return { outcome: 'closed_before' }
  append(tables, session, [command.closing])
  session.row.status = 'closing'
  closeIfIdle(tables, session, command.closing.time_ms)
  return { outcome: session.unfinished > 0 ? 'closing' : 'closed' }
}

export function acceptIntent(tables: Tables, command: port.AcceptIntent): port.AcceptedIntent {
  const { lease, execution: row, keys, entries, artifacts } = command
  const { tenant_id, execution_id } = row
  tables.requireLease(lease)
  const made = findKey(tables, tenant_id, keys)
  if (made) {
    const execution = made === 'conflict' ? null : made.execution
    return execution ? { outcome: 'existing', execution: { ...execution.row } } : { outcome: 'key_conflict' }
  }
  if (command.at_quota) return { outcome: 'quota_exceeded' }
  const session = tables.session(tenant_id, row.session_id)
  if (!session) return { outcome: 'session_not_found' }
  if (!takesIntents(session.row.status, row)) return { outcome: 'session_closed' }
  if (command.goes_on_from && !isWhole(tables, command.goes_on_from)) return { outcome: 'history_gone' }
  if (tables.executions.has(execution_id)) throw new Error(`Execution ${execution_id} exists already.`)
  const execution: ExecutionRecord = { row: { ...row }, entries: [], timers: new Map() }
  tables.executions.set(execution_id, execution)
  if (row.ended_ms === null) session.unfinished++
  keepKeys(tables, tenant_id, keys, { execution, session: null, made_ms: row.created_ms })
  for (const artifact of artifacts) tables.artifactsOf(tenant_id).add(artifact)
  setTimers(tables, tenant_id, command.set_timers)
  return { outcome: 'accepted', last_seq: append(tables, session, entries) }
}

export function record(tables: Tables, command: port.RecordExecution): port.Recorded {
  const { tenant_id, session_id, execution_id, entries } = command
  tables.requireLease(command.lease)
  const execution = tables.execution(tenant_id, execution_id)
  const session = tables.session(tenant_id, session_id)
  if (!session || execution?.row.session_id !== session_id) {
    throw new Error(`Session ${session_id} has no execution ${execution_id}.`)
  }
  const { status, compensated } = execution.row
  if (isFinal(status)) return { outcome: 'final', status, compensated }
  const states = checkState(tables, command)
  if ('conflict' in states) return { outcome: 'state_conflict', ...states.conflict }
  const ended_ms = isFinal(command.status) ? endOf(command) : null

  const last_seq = append(tables, session, entries)
  writeState(tables, states.rows)
  for (const artifact of command.artifacts) tables.artifactsOf(tenant_id).add(artifact)
  for (const ordinal of command.clear_timers) execution.timers.delete(ordinal)
  setTimers(tables, tenant_id, command.set_timers)
  const { status: now, compensated: undone, begins } = command
  Object.assign(execution.row, { ...begins, status: now, compensated: undone, ended_ms })
  if (ended_ms !== null) {
    execution.timers.clear()
    session.unfinished--
    closeIfIdle(tables, session, ended_ms)
  }
  return { outcome: 'recorded', last_seq }
}

function endOf({ entries, execution_id }: port.RecordExecution): number {
  const last = entries.at(-1)
  if (!last) throw new Error(`Execution ${execution_id} cannot end without an entry that says so.`)
  return last.time_ms
}

/** A timer of what has ended would be due for ever: nobody would clear it. */
function setTimers(tables: Tables, tenant: TenantId, timers: readonly port.Timer[]): void {
  for (const timer of timers) {
    const execution = tables.execution(tenant, timer.execution_id)
    if (execution && !isFinal(execution.row.status)) execution.timers.set(timer.ordinal, { ...timer })
  }
}

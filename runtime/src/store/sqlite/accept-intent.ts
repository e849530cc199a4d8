import type { AcceptIntent, AcceptedIntent, ExecutionRow } from '../port.ts'
import { takesIntents } from '../session-closed.ts'
import { append } from './append.ts'
import { getExecution } from './get-execution.ts'
import { keepArtifacts } from './keep-artifacts.ts'
import { isWhole } from './lineage.ts'
import { findKey, keepKeys } from './request-key.ts'
import { sessionHead } from './session-head.ts'
import { setTimers } from './set-timers.ts'
import type { WriteDb } from './write-db.ts'

const INSERT = `
  INSERT INTO execution (tenant_id, execution_id, intent_id, session_id, intent_type, realm, realm_version, status,
    compensated, created_ms, ended_ms, parent_id, parent_ordinal, began_ms, rate_lane)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

export function acceptIntent(db: WriteDb, command: AcceptIntent): AcceptedIntent {
  const { execution, keys } = command
  const { tenant_id, session_id, execution_id } = execution
  db.requireLease(command.lease)
  const made = findKey(db.db, tenant_id, keys)
  if (made) {
    const existing = made !== 'conflict' && made.execution_id && getExecution(db.db, tenant_id, made.execution_id)
    return existing ? { outcome: 'existing', execution: existing } : { outcome: 'key_conflict' }
  }
  if (command.at_quota) return { outcome: 'quota_exceeded' }
  const head = sessionHead(db, tenant_id, session_id)
  if (!head) return { outcome: 'session_not_found' }
  if (!takesIntents(head.status, execution)) return { outcome: 'session_closed' }
  if (command.goes_on_from && !isWhole(db.db, command.goes_on_from)) return { outcome: 'history_gone' }
  append(db, head, command.entries)
  insert(db, execution)
  keepKeys(db.db, tenant_id, keys, { execution_id, session_id: null }, execution.created_ms)
  keepArtifacts(db.db, tenant_id, command.artifacts)
  setTimers(db, tenant_id, command.set_timers)
  return { outcome: 'accepted', last_seq: head.last_seq }
}

function insert(db: WriteDb, row: ExecutionRow): void {
  const { tenant_id, execution_id, session_id, status, compensated } = row
  db.db.run(
    INSERT,
    tenant_id,
    execution_id,
    row.intent_id,
    session_id,
    row.intent_type,
    row.realm,
    row.realm_version,
    status,
    Number(compensated),
    row.created_ms,
    row.ended_ms,
    row.parent_id,
    row.parent_ordinal,
    row.began_ms,
    row.rate_lane,
  )
  if (row.ended_ms === null) db.countUnfinished(session_id, 1)
  db.executions.set(execution_id, { tenant_id, session_id, status, compensated, timers: false })
}

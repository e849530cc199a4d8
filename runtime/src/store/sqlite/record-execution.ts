import { isFinal } from '../is-final.ts'
import type { RecordExecution, Recorded } from '../port.ts'
import { append, closeIfIdle } from './append.ts'
import { keepArtifacts } from './keep-artifacts.ts'
import { executionHead } from './execution-head.ts'
import { sessionHead } from './session-head.ts'
import { clearTimer, clearTimers, setTimers } from './set-timers.ts'
import type { ExecutionHead, SessionHead, WriteDb } from './write-db.ts'
import { checkState, writeState } from './write-state.ts'

const UPDATE = 'UPDATE execution SET status = ?, compensated = ?, ended_ms = ? WHERE tenant_id = ? AND execution_id = ?'
const BEGIN = 'UPDATE execution SET began_ms = ?, rate_lane = ? WHERE tenant_id = ? AND execution_id = ?'

export function recordExecution(db: WriteDb, command: RecordExecution): Recorded {
  const { tenant_id, session_id, execution_id, entries } = command
  db.requireLease(command.lease)
  const execution = executionHead(db, tenant_id, execution_id)
  if (execution?.session_id !== session_id) throw new Error(`Session ${session_id} has no execution ${execution_id}.`)
  if (isFinal(execution.status)) {
    return { outcome: 'final', status: execution.status, compensated: execution.compensated }
  }
  const head = sessionHead(db, tenant_id, session_id)
  if (!head) throw new Error(`Session ${session_id} of an execution is not there.`)
  const states = checkState(db.db, command)
  if ('conflict' in states) return { outcome: 'state_conflict', ...states.conflict }

  append(db, head, entries)
  writeState(db.db, states.rows)
  keepArtifacts(db.db, tenant_id, command.artifacts)
  for (const ordinal of command.clear_timers) clearTimer(db.db, tenant_id, execution_id, ordinal)
  setTimers(db, tenant_id, command.set_timers)
  const { begins } = command
  if (begins) db.db.run(BEGIN, begins.began_ms, begins.rate_lane, tenant_id, execution_id)
  const recorded: Recorded = { outcome: 'recorded', last_seq: head.last_seq }
  moveOn(db, command, execution, head)
  return recorded
}

/** The row is written only if something of it changes, so that a step costs one insert. */
function moveOn(db: WriteDb, command: RecordExecution, execution: ExecutionHead, head: SessionHead): void {
  const { tenant_id, execution_id, status, compensated } = command
  if (status === execution.status && compensated === execution.compensated) return
  execution.status = status
  execution.compensated = compensated
  const ended_ms = isFinal(status) ? endOf(command) : null
  db.db.run(UPDATE, status, Number(compensated), ended_ms, tenant_id, execution_id)
  if (ended_ms === null) return
  // Hardly anything is asked of it any more, so it need not be remembered.
  db.executions.delete(execution_id)
  if (execution.timers) clearTimers(db.db, tenant_id, execution_id)
  db.countUnfinished(head.session_id, -1)
  closeIfIdle(db, head, ended_ms)
}

function endOf({ entries, execution_id }: RecordExecution): number {
  const last = entries.at(-1)
  if (!last) throw new Error(`Execution ${execution_id} cannot end without an entry that says so.`)
  return last.time_ms
}

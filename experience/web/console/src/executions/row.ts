// A row of the list, and what becomes of it as events tell. They say all of an execution but one thing: whether something else is still
// at work while it waits. Here it waits when anything is waited for, as where one is watched alone (docs/client.md).

import { type Event, type Execution, type ExecutionSummary, type Status, isFinal, realmOf } from '@biplane/protocol'

export interface Row extends ExecutionSummary {
  /** The ordinals of the calls that it waits for; left out of one whose beginning was not seen. */
  waits?: readonly number[]
}

/** What the list says of it. */
export function rowOf(execution: Execution): Row {
  const { execution_id, intent_id, session_id, tenant_id, intent_type, realm, realm_version } = execution
  const { status, compensated, parent_id, created_at, ended_at } = execution
  const ids = { execution_id, intent_id, session_id, tenant_id, ...(parent_id && { parent_id }) }
  return { ...ids, intent_type, realm, realm_version, status, compensated, created_at, ...(ended_at && { ended_at }) }
}

/** Null unless an execution begins by this event. */
export function rowBegunBy(event: Event, tenant_id: string): Row | null {
  if (event.kind !== 'lifecycle' || event.type !== 'intent.accepted') return null
  const { execution_id, session_id, time: created_at, data } = event
  const { intent_id, intent_type, realm_version, parent } = data
  return {
    execution_id,
    intent_id,
    session_id,
    tenant_id,
    ...(parent && { parent_id: parent.execution_id }),
    intent_type,
    realm: realmOf(intent_type),
    realm_version,
    status: 'accepted',
    compensated: false,
    created_at,
    waits: [],
  }
}

/** What has ended stays as it ended, whatever an event from before that says. */
export function rowAfter(row: Row, event: Event): Row {
  if (isFinal(row.status)) return row
  switch (event.kind) {
    case 'lifecycle':
      return afterLifecycle(row, event)
    case 'saga':
      return event.type === 'saga.compensating' ? { ...row, status: 'compensating', waits: [] } : row
    default:
      return afterWait(row, event)
  }
}

/** Whether what the event makes of the row has to be asked for: it depends on what was not seen. */
export function isUnsure({ status, waits }: Row, event: Event): boolean {
  if (isFinal(status)) return false
  return event.type === 'execution.continued' || (waits === undefined && isAtWork(status) && endOf(event) !== null)
}

const isAtWork = (status: Status): boolean => status === 'running' || status === 'waiting'

function afterLifecycle(row: Row, { type, time, data }: Extract<Event, { kind: 'lifecycle' }>): Row {
  switch (type) {
    case 'execution.started':
    case 'execution.recovered':
      return row.status === 'compensating' ? row : { ...row, status: atWork(row.waits) }
    case 'execution.cancelling':
      return { ...row, status: row.status === 'accepted' ? 'accepted' : 'running', waits: [] }
    case 'execution.paused':
      return { ...row, status: 'paused' }
    case 'execution.parked':
      return { ...row, status: 'parked' }
    case 'execution.completed':
      return { ...row, status: 'completed', ended_at: time }
    case 'execution.failed':
      return { ...row, status: 'failed', compensated: data.compensated, ended_at: time }
    case 'execution.cancelled':
      return { ...row, status: 'cancelled', compensated: data.compensated, ended_at: time }
    case 'execution.superseded':
      return { ...row, status: 'superseded', ended_at: time }
    case 'intent.accepted':
    case 'execution.continued':
      return row
    default:
      return type satisfies never
  }
}

function afterWait(row: Row, event: Event): Row {
  const [begun, ended] = [beginningOf(event), endOf(event)]
  if (begun === null && ended === null) return row
  const waits = row.waits?.filter((ordinal) => ordinal !== begun && ordinal !== ended)
  const now = waits && begun !== null ? [...waits, begun] : waits
  const status = begun === null ? atWork(now) : 'waiting'
  return { ...row, ...(isAtWork(row.status) && { status }), ...(now && { waits: now }) }
}

const atWork = (waits: readonly number[] = []): Status => (waits.length > 0 ? 'waiting' : 'running')

/** The call that is waited for from here on. */
function beginningOf(event: Event): number | null {
  if (event.type === 'execution.waiting' && event.kind === 'timer') return event.data.ordinal
  if (event.type === 'signal.awaited' && event.kind === 'signal') return event.data.ordinal
  return event.type === 'child.called' && event.kind === 'child' && !event.data.detached ? event.data.ordinal : null
}

/** The call that is waited for no longer. */
function endOf(event: Event): number | null {
  if (event.kind === 'timer') return event.type === 'execution.resumed' ? event.data.ordinal : null
  if (event.kind === 'child') return event.type === 'child.returned' ? event.data.ordinal : null
  if (event.kind !== 'signal') return null
  return event.type === 'signal.taken' || event.type === 'signal.expired' ? event.data.ordinal : null
}

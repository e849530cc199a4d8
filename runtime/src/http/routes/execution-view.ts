// An execution as people read it: its steps, result or error, and what it waits for, all told from its log.

import type { Approval, Execution, ExecutionId, ExecutionSummary, Failure, FinalStatus, Step } from '@biplane/protocol'
import { isFinal, timeOf } from '@biplane/protocol'

import { callId } from '../../engine/history.ts'
import type { Entry, ExecutionRow, Store } from '../../store/port.ts'

/** Steps that an answer shows; of a longer execution, the last ones. */
const STEPS_SHOWN_MAX = 1_000
const READ_ENTRIES = 1_000

export const executionSummary = ({
  created_ms,
  ended_ms,
  parent_id,
  parent_ordinal: _ordinal,
  began_ms: _began,
  rate_lane: _lane,
  ...row
}: ExecutionRow): ExecutionSummary => ({
  ...row,
  ...(parent_id === null ? {} : { parent_id }),
  created_at: timeOf(created_ms),
  ...(ended_ms === null ? {} : { ended_at: timeOf(ended_ms) }),
})

export async function executionView(store: Store, row: ExecutionRow): Promise<Execution> {
  const view: Execution = {
    ...executionSummary(row),
    payload: null,
    result: null,
    error: null,
    waits_for: null,
    steps: [],
    children: [],
    awaits: [],
  }
  const steps = new Map<string, Step>()
  const waits = new Map<string, string>()
  let hasBeginning = false
  let after = 0
  for (;;) {
    const entries = await store.readExecution(row.execution_id, after, READ_ENTRIES)
    hasBeginning ||= entries[0]?.type === 'intent.accepted'
    for (const entry of entries) tell(view, steps, waits, entry)
    after = entries.at(-1)?.seq ?? after
    if (entries.length < READ_ENTRIES) break
  }
  view.steps = [...steps.values()].slice(-STEPS_SHOWN_MAX)
  if (!hasBeginning) view.history_gone = true
  if (isFinal(row.status)) view.awaits = []
  else view.waits_for = [...waits.values()].at(-1) ?? null
  return view
}

interface Data {
  ordinal: number
  name: string
  key?: string
  attempt: number
  duration_ms: number
  error: Failure
  final: boolean
  retry_at: string
  until?: string
  reason?: string
  approval?: Approval
  retry_of?: ExecutionId
  fork_of?: { execution_id: ExecutionId }
  superseded_by: ExecutionId
  child_execution_id: ExecutionId
  detached: boolean
  status: FinalStatus
  result: Execution['result']
}

function tell(view: Execution, steps: Map<string, Step>, waits: Map<string, string>, entry: Entry): void {
  const data = JSON.parse(entry.data) as Data
  switch (entry.type) {
    case 'intent.accepted':
      view.payload = (JSON.parse(entry.secret ?? '{}') as { payload: Execution['payload'] }).payload
      if (data.retry_of) view.retry_of = data.retry_of
      if (data.fork_of) view.fork_of = data.fork_of.execution_id
      return
    case 'execution.completed':
      view.result = data.result
      return
    case 'execution.failed':
      view.error = data.error
      return
    case 'execution.superseded':
      view.superseded_by = data.superseded_by
      return
    case 'execution.paused':
    case 'execution.parked':
      view.error = data.error ?? null
      waits.set('person', data.error?.message ?? `a person, who paused it${data.reason ? `: ${data.reason}` : ''}`)
      return
    case 'execution.continued':
      waits.delete('person')
      view.error = null
      return
    case 'execution.cancelling':
      // Whatever it waited for, and whatever had stopped it, is over.
      waits.clear()
      view.awaits = []
      view.error = null
      return
    case 'execution.waiting':
      waits.set(`call ${data.ordinal}`, `until ${data.until}`)
      return
    case 'execution.resumed':
      waits.delete(`call ${data.ordinal}`)
      return
    default:
      if (entry.kind === 'signal') tellSignal(view, waits, entry.type, data)
      else if (entry.kind === 'child') tellChild(view, waits, entry.type, data)
      else if (entry.kind === 'step' || entry.kind === 'saga') tellStep(steps, waits, entry.type, data)
  }
}

function tellSignal(view: Execution, waits: Map<string, string>, type: string, data: Data): void {
  if (type === 'signal.received') return
  const id = callId(data)
  view.awaits = view.awaits.filter(({ ordinal }) => ordinal !== data.ordinal)
  waits.delete(`signal ${id}`)
  if (type !== 'signal.awaited') return
  const { ordinal, name, until, approval } = data
  const before = until === undefined ? '' : `, until ${until}`
  const whose = approval?.assignee === undefined ? '' : ` of ${approval.assignee}`
  waits.set(`signal ${id}`, `${approval ? `the approval "${name}"${whose}` : `the signal "${name}"`}${before}`)
  view.awaits.push({ ordinal, name, ...(until === undefined ? {} : { until }), ...(approval && { approval }) })
}

function tellChild(view: Execution, waits: Map<string, string>, type: string, data: Data): void {
  const { ordinal, name, child_execution_id: execution_id, detached, status } = data
  const id = `child ${callId(data)}`
  if (type === 'child.called') {
    view.children.push({ ordinal, execution_id, intent_type: name, detached })
    if (!detached) waits.set(id, `its child ${name} (${execution_id})`)
    return
  }
  waits.delete(id)
  const child = view.children.find((each) => each.execution_id === execution_id)
  if (child) child.status = status
}

function tellStep(steps: Map<string, Step>, waits: Map<string, string>, type: string, data: Data): void {
  if (type === 'saga.compensating') return
  const { ordinal, name, key } = data
  const id = callId(data)
  const step = steps.get(id) ?? { ordinal, name, ...(key === undefined ? {} : { key }), status: 'running', attempts: 0 }
  steps.set(id, step)
  waits.delete(`step ${id}`)
  if (type === 'step.completed') {
    step.status = 'completed'
    step.attempts = data.attempt
    step.duration_ms = data.duration_ms
    delete step.error
  } else if (type === 'step.failed') {
    step.status = data.final ? 'failed' : 'retrying'
    step.attempts = data.attempt
    step.error = data.error
    if (!data.final) waits.set(`step ${id}`, `the next attempt of step ${name}, at ${data.retry_at}`)
  } else if (type === 'saga.step_undone') step.status = 'undone'
  else if (type === 'saga.step_settled') step.status = 'settled'
  else if (type === 'saga.undo_failed') step.error = data.error
}

// The steps of an execution, as its events tell them.

import type { EventOf, Step } from '@biplane/protocol'

type StepEvent = EventOf<'step'> | Exclude<EventOf<'saga'>, { type: 'saga.compensating' }>

/** In the order in which they were heard of first. */
export function foldStep(steps: readonly Step[], event: StepEvent): Step[] {
  const { ordinal, name, key } = event.data
  const at = steps.findIndex((step) => isSameCall(step, event.data))
  const before: Step = steps[at] ?? {
    ordinal,
    name,
    ...(key === undefined ? {} : { key }),
    status: 'running',
    attempts: 0,
  }
  const after = { ...before, ...changed(event) }
  if (after.status === 'completed') delete after.error
  return at === -1 ? [...steps, after] : steps.with(at, after)
}

function changed(event: StepEvent): Partial<Step> {
  switch (event.type) {
    case 'step.started':
      return { status: 'running', attempts: event.data.attempt }
    case 'step.completed':
      return { status: 'completed', attempts: event.data.attempt, duration_ms: event.data.duration_ms }
    case 'step.failed':
      return {
        status: event.data.final ? 'failed' : 'retrying',
        attempts: event.data.attempt,
        error: event.data.error,
      }
    case 'saga.step_undone':
      return { status: 'undone' }
    case 'saga.step_settled':
      return { status: 'settled' }
    case 'saga.undo_failed':
      return { error: event.data.error }
  }
}

interface Call {
  ordinal: number
  name: string
  key?: string | undefined
}

/** A call with a key may have another ordinal in the next run. */
export const isSameCall = (one: Call, other: Call): boolean =>
  other.key === undefined ? one.ordinal === other.ordinal : one.key === other.key && one.name === other.name

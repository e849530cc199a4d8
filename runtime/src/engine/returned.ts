// How an execution ended: as its end is told to who waits for it, and as a call of its parent is answered.

import type { ExecutionId, Failure, FinalStatus, Status } from '@biplane/protocol'
import type { Answer } from '@biplane/realm/port'

import type { Entry, ExecutionRow } from '../store/port.ts'
import type { StepHistory } from './history.ts'

/** `result` is JSON text. */
export interface End {
  status: FinalStatus
  compensated: boolean
  result: string | null
  error: Failure | null
  /** The execution that is done instead of it. */
  superseded_by?: ExecutionId
}

/** What a parent is told of the end of its child. */
export interface Returned {
  status: Status
  error: Failure | null | undefined
  result: unknown
}

/** Of an execution that has ended; its last entry says how. */
export function endOf(row: ExecutionRow, entries: readonly Entry[]): End {
  const last = JSON.parse(entries.at(-1)?.data ?? '{}') as {
    result?: unknown
    error?: Failure
    superseded_by?: ExecutionId
  }
  return {
    status: row.status as FinalStatus,
    compensated: row.compensated,
    result: last.result === undefined ? null : JSON.stringify(last.result),
    error: last.error ?? null,
    ...(last.superseded_by === undefined ? {} : { superseded_by: last.superseded_by }),
  }
}

export const returnedOf = ({ status, error, result, superseded_by }: End): Returned => ({
  status,
  error: superseded_by === undefined ? error : supersededBy(superseded_by),
  result: result === null ? undefined : (JSON.parse(result) as unknown),
})

/** A child that did not complete has taken back itself what it did. */
export function endChild(step: StepHistory, { status, result }: Returned): void {
  step.started = status === 'completed'
  step.end = status === 'completed' ? 'completed' : 'failed'
  step.result = result === undefined ? null : JSON.stringify(result)
}

export function childAnswer(execution_id: ExecutionId | null, { status, error, result }: Returned): Answer {
  if (status === 'completed') return { kind: 'value', value: result }
  const failure = error ?? { code: `execution.${status}`, message: `The child ended as ${status}.` }
  return { kind: 'child_failed', execution_id, failure }
}

const supersededBy = (execution: ExecutionId): Failure => ({
  code: 'execution.superseded',
  message: `A later one of its key came before it began: ${execution} is done instead.`,
})

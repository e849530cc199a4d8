// Waiting for an execution to end, by following its session's log.

import { isFinal } from '@biplane/protocol'

import type { executionCalls } from './executions.ts'
import { type Reading, follow } from './follow.ts'
import { logOf } from './log.ts'
import { tailOf } from './stream.ts'
import type { CallOptions } from './transport.ts'
import type { EndedExecution } from './typed.ts'

const ENDINGS = ['execution.completed', 'execution.failed', 'execution.cancelled', 'execution.superseded']

/**
 * Resolves with the execution when it has ended, however it ended. One that waits, is paused or parked has not: bound the
 * wait with `signal`.
 */
export async function awaitResult(
  reading: Reading,
  executions: ReturnType<typeof executionCalls>,
  executionId: string,
  { signal }: CallOptions,
): Promise<EndedExecution> {
  // Whoever has read a final status has read an ended execution.
  const execution = executions.execution as (id: string, call: CallOptions) => Promise<EndedExecution>
  const first = await execution(executionId, { signal })
  if (isFinal(first.status)) return first
  const log = logOf(first.session_id)
  // The tail is found before the second look, so that an end between the two is seen by one of them.
  const offset = await tailOf(reading.transport, { log, signal })
  const second = await execution(executionId, { signal })
  if (isFinal(second.status)) return second
  for await (const { event } of follow(reading, log, { offset, signal })) {
    if (event.subject === executionId && ENDINGS.includes(event.type)) break
  }
  return execution(executionId, { signal })
}

// One attempt of a step's body: bounded in time, aborted from outside, its result turned into what the log keeps.

import { RetryableError } from '@biplane/realm/error'
import { jsonOf } from '@biplane/realm/json'

import { ABORT_GRACE_MS, STEP_RESULT_BYTES_MAX } from './limits.ts'
import type { Clock } from './ports.ts'

export type AttemptEnd =
  | { kind: 'value'; text: string; duration_ms: number }
  | { kind: 'error'; error: unknown; duration_ms: number }

export interface Attempt {
  name: string
  run: (signal: AbortSignal) => unknown
  timeoutMs: number | undefined
  /** Aborts when the execution is cancelled. */
  signal: AbortSignal
}

/**
 * Never rejects. A body that does not heed its signal is waited for a while, then left behind: the next attempt may then
 * overlap with it, which its stable key must make harmless.
 */
export async function runAttempt(attempt: Attempt, clock: Clock): Promise<AttemptEnd> {
  const begun = clock.now()
  const abort = new AbortController()
  const onAbort = () => abort.abort(attempt.signal.reason)
  attempt.signal.addEventListener('abort', onAbort, { once: true })
  const cancelTimeout =
    attempt.timeoutMs === undefined ? null : clock.after(attempt.timeoutMs, () => abort.abort(timedOut(attempt)))
  if (attempt.signal.aborted) onAbort()
  try {
    const body = Promise.resolve().then(() => attempt.run(abort.signal))
    const value = await Promise.race([body, leftBehind(abort.signal, clock)])
    if (abort.signal.aborted && abort.signal.reason instanceof RetryableError) throw abort.signal.reason
    const text = jsonOf(value, `The result of step ${attempt.name}`, 'step.result', STEP_RESULT_BYTES_MAX)
    return { kind: 'value', text, duration_ms: clock.now() - begun }
  } catch (error) {
    const cause = abort.signal.aborted && abort.signal.reason instanceof RetryableError ? abort.signal.reason : error
    return { kind: 'error', error: cause, duration_ms: clock.now() - begun }
  } finally {
    cancelTimeout?.()
    attempt.signal.removeEventListener('abort', onAbort)
  }
}

const timedOut = ({ name, timeoutMs }: Attempt) =>
  new RetryableError('step.timed_out', `Step ${name} took longer than ${timeoutMs} ms.`)

/** Rejects a while after `signal` aborts. */
function leftBehind(signal: AbortSignal, clock: Clock): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => clock.after(ABORT_GRACE_MS, () => reject(signal.reason as Error))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

/** Keys a step for the outside world: the same at every attempt and after every restart. */
export const stepKey = (execution: string, id: string): string => `${execution}/${id}`

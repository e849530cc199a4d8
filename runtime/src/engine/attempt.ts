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
  const timeout = attempt.timeoutMs === undefined ? null : startTimeout(attempt, attempt.timeoutMs, clock)
  const signal = timeout?.signal ?? attempt.signal
  try {
    const body = attempt.run(signal)
    const value = isThenable(body) ? await unlessLeftBehind(body, signal, clock) : body
    if (timeout?.isOver()) throw timeout.signal.reason
    const text = jsonOf(value, `The result of step ${attempt.name}`, 'step.result', STEP_RESULT_BYTES_MAX)
    return { kind: 'value', text, duration_ms: clock.now() - begun }
  } catch (thrown) {
    // Whatever a body says when its time is up, the reason is that its time was up.
    const error: unknown = timeout?.isOver() ? timeout.signal.reason : thrown
    return { kind: 'error', error, duration_ms: clock.now() - begun }
  } finally {
    timeout?.cancel()
  }
}

interface Timeout {
  /** Aborts when the time is up, or with the attempt's own. */
  signal: AbortSignal
  isOver(): boolean
  cancel(): void
}

/**
 * Joined by hand: Node keeps a signal of `AbortSignal.any` that somebody listens to until one of its sources aborts, and a body
 * need not take its listener away.
 */
function startTimeout({ name, signal: outer }: Attempt, ms: number, clock: Clock): Timeout {
  const abort = new AbortController()
  let isOver = false
  const onOuter = () => abort.abort(outer.reason)
  const cancel = clock.after(ms, () => {
    isOver = !outer.aborted
    abort.abort(new RetryableError('step.timed_out', `Step ${name} took longer than ${ms} ms.`))
  })
  if (outer.aborted) onOuter()
  else outer.addEventListener('abort', onOuter, { once: true })
  return {
    signal: abort.signal,
    isOver: () => isOver,
    cancel() {
      cancel()
      outer.removeEventListener('abort', onOuter)
    },
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'

/** As `body` ends, or rejects a while after `signal` aborts. */
function unlessLeftBehind(body: PromiseLike<unknown>, signal: AbortSignal, clock: Clock): Promise<unknown> {
  const { promise: leftBehind, reject } = Promise.withResolvers<never>()
  let cancel = () => {}
  const onAbort = () => {
    cancel = clock.after(ABORT_GRACE_MS, () => reject(signal.reason as Error))
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([body, leftBehind]).finally(() => {
    cancel()
    signal.removeEventListener('abort', onAbort)
  })
}

/** Keys a step for the outside world: the same at every attempt and after every restart. */
export const stepKey = (execution: string, id: string): string => `${execution}/${id}`

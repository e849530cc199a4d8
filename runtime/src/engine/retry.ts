// When a failed step is tried again.

import type { RetryPolicy } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'
import { Cancelled, PauseError, RetryableError, TerminalError } from '@biplane/realm/error'

const DEFAULT_TIMES = 4
const DEFAULT_BACKOFF_MS = 200
const DEFAULT_FACTOR = 2
const DEFAULT_MAX_MS = 30_000
const DEFAULT_JITTER = 0.5

/** What the engine must do about an error that a step's body threw. */
export type Reaction = 'retry' | 'fail' | 'pause'

/** `attempt` is the one that failed, from 1. */
export function reactionTo(error: unknown, attempt: number, policy: RetryPolicy = {}): Reaction {
  if (error instanceof PauseError) return 'pause'
  if (error instanceof TerminalError || error instanceof Cancelled) return 'fail'
  if (attempt > (policy.times ?? DEFAULT_TIMES)) return 'fail'
  if (error instanceof RetryableError) return 'retry'
  return (policy.retryIf?.(error) ?? true) ? 'retry' : 'fail'
}

/** Milliseconds to pause after the failed `attempt`, from 1. `random` is from 0 up to 1. */
export function pauseMs(attempt: number, random: number, policy: RetryPolicy = {}): number {
  const first = policy.backoff === undefined ? DEFAULT_BACKOFF_MS : toMs(policy.backoff)
  const most = policy.max === undefined ? DEFAULT_MAX_MS : toMs(policy.max)
  const full = Math.min(most, first * (policy.factor ?? DEFAULT_FACTOR) ** (attempt - 1))
  return full * (1 - (policy.jitter ?? DEFAULT_JITTER) * random)
}

// Timers of an execution that no call of its handler has set: they bound it as a whole. They are rows in the store, because it may
// leave memory meanwhile.

import type { IntentDefinition } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'

import type { ExecutionRow, Timer } from '../store/port.ts'
import type { CancelRequest } from './history.ts'
import { CANCEL_GRACE_MS } from './limits.ts'

/** Its time is up. No call has these ordinals. */
export const TIMEOUT_TIMER = -1
/** It was cancelled, and its handler has gone on by itself for as long as it may. */
export const GRACE_TIMER = -2

type Names = Pick<ExecutionRow, 'execution_id' | 'created_ms'>

export const timeoutOf = ({ timeout }: IntentDefinition, { execution_id, created_ms }: Names): Timer[] =>
  timeout === undefined ? [] : [{ execution_id, ordinal: TIMEOUT_TIMER, due_ms: created_ms + toMs(timeout) }]

export const graceOf = ({ execution_id }: Names, { mode }: CancelRequest, now_ms: number): Timer[] =>
  mode === 'kill' ? [] : [{ execution_id, ordinal: GRACE_TIMER, due_ms: now_ms + CANCEL_GRACE_MS }]

// How long a handler that was cancelled may go on by itself: a timer in the store, because it may leave memory meanwhile.

import type { ExecutionRow, Timer } from '../store/port.ts'
import type { CancelRequest } from './history.ts'
import { CANCEL_GRACE_MS } from './limits.ts'

/** No call has this ordinal. */
export const GRACE_SLOT = -2

export const graceOf = ({ execution_id }: ExecutionRow, { mode }: CancelRequest, now_ms: number): Timer[] =>
  mode === 'kill' ? [] : [{ execution_id, ordinal: GRACE_SLOT, due_ms: now_ms + CANCEL_GRACE_MS }]

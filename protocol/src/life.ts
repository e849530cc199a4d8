// What may become of an execution (docs/protocol.md §5).

import type { FinalStatus, Status } from './status.ts'

/**
 * From a status to those that may follow. An accepted intent may end unstarted (cancelled, superseded); what has
 * begun ends through `compensating` only if there is something to undo; a final status has no successor.
 */
export const TRANSITIONS: Record<Status, readonly Status[]> = {
  accepted: ['running', 'paused', 'cancelled', 'superseded', 'failed', 'parked'],
  running: ['waiting', 'paused', 'compensating', 'parked', 'completed', 'failed', 'cancelled'],
  waiting: ['running', 'paused', 'compensating', 'parked', 'completed', 'failed', 'cancelled'],
  paused: ['accepted', 'running', 'waiting', 'compensating', 'parked', 'failed', 'cancelled'],
  compensating: ['failed', 'cancelled', 'parked'],
  parked: ['running', 'compensating', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
  superseded: [],
}

export const isFinal = (status: Status): status is FinalStatus => TRANSITIONS[status].length === 0
export const mayFollow = (from: Status, to: Status): boolean => from === to || TRANSITIONS[from].includes(to)

// Which entries of a session's log are of one execution.

import type { Event } from '@biplane/protocol'

/** Its own, and the beginnings of those that do it again. */
export function isAbout(event: Event, executionId: string): boolean {
  if ('execution_id' in event && event.execution_id === executionId) return true
  return beginsAgain(event, executionId)
}

/** Whether it is the beginning of a retry or a fork of this execution. */
export function beginsAgain(event: Event, executionId: string): boolean {
  if (event.type !== 'intent.accepted' || event.kind !== 'lifecycle') return false
  return event.data.retry_of === executionId || event.data.fork_of?.execution_id === executionId
}

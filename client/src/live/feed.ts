// How events come while they happen. Every feed may tell something twice, or leave something out: each event has its place (`seq`), so
// a reader sees that and reads what is missing from the log. Only that makes it safe to pass events from tab to tab.

import type { Event } from '@biplane/protocol'

export type Told =
  | { type: 'event'; event: Event }
  /** What is known to be in the log was told; `place` is the seq of its last event. */
  | { type: 'caught_up'; place: number }
  /** The session is closed, and nothing comes behind this place. */
  | { type: 'closed'; place: number }
  /** The line is lost; it is tried again then, in milliseconds since 1970. */
  | { type: 'down'; retryAt: number; reason: string }
  /** This session is not told of any more. */
  | { type: 'refused' }

export interface Listener {
  /** Behind which event to go on, whenever a line is opened. */
  place(): number
  hear(told: Told): void
}

export interface Feed {
  /** One listener for a session at a time. Returns what ends it. */
  join(sessionId: string, listener: Listener): () => void
  /** The page is seen again, or the like: a pause is over, and a line is looked at. */
  wake(change: 'woke' | 'online' | 'seen'): void
  close(): void
}

// How events come while they happen. Every feed may tell something twice, or leave something out: each thing told says between which
// places of the log it stands, so a reader sees that, also of a log with a filter, and reads what is missing. Only that makes it safe to
// pass events from tab to tab.

import type { Event } from '@biplane/protocol'

/** Behind the place `after` comes nothing before this, which reaches to `place`. */
interface Stretch {
  after: number
  place: number
}

export type Told =
  | (Stretch & { type: 'event'; event: Event })
  /** What is known to be in the log was told. */
  | (Stretch & { type: 'caught_up' })
  /** The session is closed, and nothing comes behind this place. */
  | { type: 'closed'; place: number }
  /** The line is lost; it is tried again then, in milliseconds since 1970. */
  | { type: 'down'; retryAt: number; reason: string }
  /** This log is not told of any more. */
  | { type: 'refused' }

export interface Listener {
  /** Behind which place to go on, whenever a line is opened. */
  place(): number
  hear(told: Told): void
}

export interface Feed {
  /** `log`: a `Log` as JSON. It has one listener at a time. Returns what ends it. */
  join(log: string, listener: Listener): () => void
  /** The page is seen again, or the like: a pause is over, and a line is looked at. */
  wake(change: 'woke' | 'online' | 'seen'): void
  close(): void
}

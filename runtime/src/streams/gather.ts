// One batch of a log: what lies behind a place, up to what one answer takes. With a filter it looks through more than it shows, and
// says how far it has looked.

import { eventText } from '../engine/entry.ts'
import type { Entry } from '../store/port.ts'
import type { EventFilter } from './event-filter.ts'
import type { Part, Stream } from './stream.ts'

/** Entries of one look at the log, and events of one batch. */
export const BATCH_ENTRIES = 1_000
/** A batch ends after the event that makes it this long, so that one is always delivered. */
const BATCH_CHARS = 1024 * 1024
/** Entries that are looked through for one batch. */
const SCANNED_ENTRIES_MAX = 10_000

export interface Page {
  /** The place of the first entry; the others stand behind it, one by one. */
  first: number
  /** Fewer than BATCH_ENTRIES only at the end of the log. */
  entries: readonly Entry[]
}

export interface Batch {
  /** Events as JSON texts, in order. */
  events: string[]
  /** The place of each. */
  places: number[]
  /** The place of the last entry that was looked at: where to go on. */
  next: number
  upToDate: boolean
  closed: boolean
}

/** A log as it is read over the network. */
export interface EventStream extends Stream {
  read(after: number): Promise<Part<string> & Pick<Batch, 'places'>>
}

interface Gathered extends Omit<Batch, 'closed'> {
  /** The last entry that was looked at; null if there was none. */
  last: Entry | null
}

export async function gather(
  pageAfter: (after: number) => Promise<Page>,
  from: number,
  filter: EventFilter | null,
): Promise<Gathered> {
  const gathered: Gathered = { events: [], places: [], next: from, upToDate: false, last: null }
  const room = { chars: BATCH_CHARS }
  do {
    const page = await pageAfter(gathered.next)
    const fits = filter ? await filter.of(page.entries) : () => true
    if (!take(gathered, page, fits, room)) return gathered
    gathered.upToDate = page.entries.length < BATCH_ENTRIES
  } while (!gathered.upToDate && !isFull(gathered, room) && gathered.next - from < SCANNED_ENTRIES_MAX)
  return gathered
}

/** False if the batch was full before the end of the page. */
function take(gathered: Gathered, page: Page, fits: (entry: Entry) => boolean, room: { chars: number }): boolean {
  let place = page.first
  for (const entry of page.entries) {
    if (isFull(gathered, room)) return false
    gathered.next = place
    gathered.last = entry
    if (fits(entry)) {
      const text = eventText(entry)
      gathered.events.push(text)
      gathered.places.push(place)
      room.chars -= text.length
    }
    place++
  }
  return true
}

const isFull = ({ events }: Gathered, { chars }: { chars: number }): boolean =>
  chars <= 0 || events.length >= BATCH_ENTRIES

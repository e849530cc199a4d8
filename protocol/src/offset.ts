// Where a reader of a log stands (docs/protocol.md §6), and the headers that say it. Free of schemas, as is all that a browser's
// client runs: it checks nothing that a server said, and need not load what would.

export const STREAM_NEXT_OFFSET = 'stream-next-offset'
export const STREAM_UP_TO_DATE = 'stream-up-to-date'
export const STREAM_CLOSED = 'stream-closed'
export const STREAM_CURSOR = 'stream-cursor'

export const OFFSET_DIGITS = 16

/** The `Link` to what to start from instead of the events at this address, which begin with some that are gone. */
export function snapshotLink(eventsUrl: string): string {
  const { pathname, searchParams } = new URL(eventsUrl, 'http://here')
  const tenant = searchParams.get('tenant_id')
  const query = tenant === null ? '' : `?tenant_id=${encodeURIComponent(tenant)}`
  return `<${pathname.replace(/\/events$/, '/snapshot')}${query}>; rel="snapshot"`
}

/** The offset behind an entry; readers treat it as opaque and sortable. */
export const offsetOf = (place: number): string => String(place).padStart(OFFSET_DIGITS, '0')

/** `-1`: from the start. `now`: only what is to come. Else an offset that a stream gave. Null if it is none of these. */
export function parseOffset(text: string): number | 'now' | null {
  if (text === '-1') return 0
  if (text === 'now') return 'now'
  return /^\d{16}$/.test(text) ? Number(text) : null
}

// Moments as people read them: in their own time zone, and relative while they are recent.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const JUST_NOW_MS = 5 * SECOND_MS

/** `14:03:12`. `time` is RFC 3339, as on the wire. */
export function clockOf(time: string): string {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')
}

/** `2026-01-31 14:03:12`, or the clock alone if it is today. */
export function momentOf(time: string, now: number = Date.now()): string {
  const day = dayOf(new Date(time))
  return day === dayOf(new Date(now)) ? clockOf(time) : `${day} ${clockOf(time)}`
}

/** `3 min ago`; the moment itself once a day has passed, or if it is still to come. */
export function agoOf(time: string, now: number = Date.now()): string {
  const ago = now - Date.parse(time)
  // Clocks of two machines differ a little.
  if (ago < -JUST_NOW_MS || ago >= DAY_MS) return momentOf(time, now)
  if (ago < JUST_NOW_MS) return 'just now'
  return `${roughly(ago)} ago`
}

/** `in 3 min`; the moment itself if it is more than a day away. */
export function aheadOf(time: string, now: number = Date.now()): string {
  const ahead = Date.parse(time) - now
  if (ahead >= DAY_MS) return `at ${momentOf(time, now)}`
  return ahead < SECOND_MS ? 'now' : `in ${roughly(ahead)}`
}

/** A text of the runtime, with the moments in it as people here read them. */
export const withLocalMoments = (text: string): string =>
  text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => momentOf(time))

function roughly(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`
  return ms < HOUR_MS ? `${Math.floor(ms / MINUTE_MS)} min` : `${Math.floor(ms / HOUR_MS)} h`
}

const dayOf = (at: Date): string => [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-')
const twoDigits = (value: number): string => String(value).padStart(2, '0')

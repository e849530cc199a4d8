// Times as a person says them. The exact one is always a hover or a screen reader away (ui/show/ago.tsx).

const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S
const DAY_S = 24 * HOUR_S
const WORDS_UNTIL_S = 7 * DAY_S
const JUST_NOW_S = 10

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })

/** `3 minutes ago`, `in 2 hours`; a date once it is more than a week away. In the reader's own zone. */
export function agoInWords(timeMs: number, nowMs: number): string {
  const awayS = (timeMs - nowMs) / 1000
  const distanceS = Math.abs(awayS)
  if (distanceS < JUST_NOW_S) return 'just now'
  if (distanceS >= WORDS_UNTIL_S) return dateInWords(timeMs, nowMs)
  const [unit, seconds] = unitOf(distanceS)
  return relative.format(Math.trunc(awayS / seconds), unit)
}

function unitOf(distanceS: number): [Intl.RelativeTimeFormatUnit, number] {
  if (distanceS < MINUTE_S) return ['second', 1]
  if (distanceS < HOUR_S) return ['minute', MINUTE_S]
  if (distanceS < DAY_S) return ['hour', HOUR_S]
  return ['day', DAY_S]
}

function dateInWords(timeMs: number, nowMs: number): string {
  const time = new Date(timeMs)
  const isThisYear = time.getFullYear() === new Date(nowMs).getFullYear()
  return time.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

/** To the second, with the zone: `24 Nov 2026, 16:32:09 CET`. */
export const exactTime = (timeMs: number): string =>
  new Date(timeMs).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })

/** `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationInWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < MINUTE_S) return `${(Math.floor(seconds * 10) / 10).toString()} s`
  if (seconds < HOUR_S) return twoParts(seconds, MINUTE_S, 'min', 1, 's')
  if (seconds < DAY_S) return twoParts(seconds, HOUR_S, 'h', MINUTE_S, 'min')
  return twoParts(seconds, DAY_S, 'd', HOUR_S, 'h')
}

function twoParts(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % big) / small)
  return `${Math.floor(seconds / big)} ${bigUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`
}

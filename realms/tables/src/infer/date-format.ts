// How dates are written. Each format has a pattern that DuckDB and JavaScript read alike, which keeps `strptime` from
// taking what only resembles it (`01.02.24` as the year 24), and the form that `strptime` reads.

const D = '(0?[1-9]|[12][0-9]|3[01])'
const M = '(0?[1-9]|1[0-2])'
const Y = '[12][0-9]{3}'
const YY = '[0-9]{2}'
const MON = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'
const MONTH = '(january|february|march|april|may|june|july|august|september|october|november|december)'
const DAY = '(mon|tue|wed|thu|fri|sat|sun)'

export interface DateFormat {
  id: string
  /** Matches the whole text, in any case. */
  pattern: string
  strptime: string
  /** Set where day and month could be meant the other way round: which comes first, and the format that disagrees. */
  rival?: string
}

export const DATE_FORMATS: readonly DateFormat[] = [
  { id: 'Y-M-D', pattern: `${Y}-${M}-${D}`, strptime: '%Y-%m-%d' },
  { id: 'Y/M/D', pattern: `${Y}/${M}/${D}`, strptime: '%Y/%m/%d' },
  { id: 'Y.M.D', pattern: `${Y}\\.${M}\\.${D}`, strptime: '%Y.%m.%d' },
  { id: 'D.M.Y', pattern: `${D}\\.${M}\\.${Y}`, strptime: '%d.%m.%Y' },
  { id: 'D.M.YY', pattern: `${D}\\.${M}\\.${YY}`, strptime: '%d.%m.%y' },
  { id: 'D/M/Y', pattern: `${D}/${M}/${Y}`, strptime: '%d/%m/%Y', rival: 'M/D/Y' },
  { id: 'M/D/Y', pattern: `${M}/${D}/${Y}`, strptime: '%m/%d/%Y', rival: 'D/M/Y' },
  { id: 'D/M/YY', pattern: `${D}/${M}/${YY}`, strptime: '%d/%m/%y', rival: 'M/D/YY' },
  { id: 'M/D/YY', pattern: `${M}/${D}/${YY}`, strptime: '%m/%d/%y', rival: 'D/M/YY' },
  { id: 'D-M-Y', pattern: `${D}-${M}-${Y}`, strptime: '%d-%m-%Y', rival: 'M-D-Y' },
  { id: 'M-D-Y', pattern: `${M}-${D}-${Y}`, strptime: '%m-%d-%Y', rival: 'D-M-Y' },
  { id: 'D Mon Y', pattern: `${D} ${MON} ${Y}`, strptime: '%d %b %Y' },
  { id: 'D-Mon-Y', pattern: `${D}-${MON}-${Y}`, strptime: '%d-%b-%Y' },
  { id: 'D-Mon-YY', pattern: `${D}-${MON}-${YY}`, strptime: '%d-%b-%y' },
  { id: 'Mon D Y', pattern: `${MON} ${D} ${Y}`, strptime: '%b %d %Y' },
  { id: 'Mon D, Y', pattern: `${MON} ${D}, ${Y}`, strptime: '%b %d, %Y' },
  { id: 'D Month Y', pattern: `${D} ${MONTH} ${Y}`, strptime: '%d %B %Y' },
  { id: 'Month D Y', pattern: `${MONTH} ${D} ${Y}`, strptime: '%B %d %Y' },
  { id: 'Month D, Y', pattern: `${MONTH} ${D}, ${Y}`, strptime: '%B %d, %Y' },
  { id: 'Day Mon D Y', pattern: `${DAY} ${MON} ${D} ${Y}`, strptime: '%a %b %d %Y' },
  { id: 'Day, D Mon Y', pattern: `${DAY}, ${D} ${MON} ${Y}`, strptime: '%a, %d %b %Y' },
]

/** Eight digits are a date only where the column's name says so. */
export const COMPACT_DATE: DateFormat = {
  id: 'YMD',
  pattern: '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])',
  strptime: '%Y%m%d',
}

const HOUR = '([01]?[0-9]|2[0-3])'
const SIXTY = '[0-5][0-9]'
const CLOCK = `${HOUR}:${SIXTY}(:${SIXTY}(\\.[0-9]{1,6})?)?`
const CLOCK_12 = `(0?[1-9]|1[0-2]):${SIXTY}(:${SIXTY})? ?[ap]m`

/** A time of day. */
export const TIME_PATTERN = `(${CLOCK}|${CLOCK_12})`
export const TIME_12_STRPTIME = ['%I:%M %p', '%I:%M:%S %p', '%I:%M%p', '%I:%M:%S%p']

/** ISO 8601 with a time, and perhaps a zone. */
export const ISO_ZONE = '(z|[+-][0-9]{2}(:?[0-9]{2})?)'
export const ISO_TIMESTAMP = `${Y}-${M}-${D}[t ]${CLOCK} ?${ISO_ZONE}?`

/** A date of this format, with or without a time of day. */
export const timestampPattern = (format: DateFormat): string => `${format.pattern}([ t]${TIME_PATTERN})?`

export const timestampStrptime = ({ strptime }: DateFormat): string[] => [
  strptime,
  ...[' ', 'T'].flatMap((gap) =>
    ['%H:%M', '%H:%M:%S', '%H:%M:%S.%f', ...TIME_12_STRPTIME].map((clock) => strptime + gap + clock),
  ),
]

/** A pattern as JavaScript's whole match, in any case. */
export const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'i')

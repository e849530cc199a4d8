// Numbers and codes as a person reads them.

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']
const UNIT = 1000

export const count = (value: number): string => value.toLocaleString('en')

const SHORT_NUMBER = { maximumSignificantDigits: 7, useGrouping: 'min2' } as const

/** A value of a table: numbers short, years without a comma, times without a `T`. */
export function valueInWords(value: string | number | boolean): string {
  if (typeof value === 'number') return value.toLocaleString('en', SHORT_NUMBER)
  return String(value).replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ')
}

/** `1 row`, `1,200 rows`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** `812 bytes`, `4.2 MB`. */
export function bytesInWords(bytes: number): string {
  const power = bytes < UNIT ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / UNIT ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? ''}`
}

/** `97.3 %`; whole only if it is. */
export const percent = (share: number): string => {
  const value = share * 100
  const text = value > 99.9 && value < 100 ? '99.9' : value > 0 && value < 0.1 ? '0.1' : value.toFixed(1)
  return `${text.replace(/\.0$/, '')} %`
}

export const inWords = (code: string): string => code.replaceAll('_', ' ')

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names)

const REASONS: Record<string, string> = {
  cell_count: 'It has more or fewer cells than there are columns.',
  unterminated_quote: 'A quote opens a cell and nothing closes it.',
  stray_quote: 'Text follows a closing quote.',
  too_long: 'It is longer than 4 MiB.',
  undecodable: 'Its bytes are text in no encoding that was tried.',
  before_header: 'It stands above the header.',
  not_json: 'It is not JSON.',
  not_an_object: 'It is not of the kind that most records are.',
  nul_byte: 'It has a zero byte in it.',
}
const KINDS: Record<string, string> = {
  boolean: 'yes or no',
  integer: 'a whole number',
  decimal: 'a decimal number',
  double: 'a number',
}

/** Why a row or a cell was rejected. */
export function reasonInWords(reason: string): string {
  const kind = /^not_(\w+)$/.exec(reason)?.[1] ?? ''
  return REASONS[reason] ?? (kind === '' ? inWords(reason) : `It is not ${KINDS[kind] ?? `a ${inWords(kind)}`}.`)
}

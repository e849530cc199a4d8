// A text that fits a schema. Patterns are read as far as those of ids and names go: characters, classes and counts, one after the
// other. What is beyond that is tried with a few texts of everyday.

import type { JsonSchema } from '../../kit/capability.ts'

const BY_FORMAT: Record<string, string> = {
  'date-time': '2026-01-31T09:30:00.000Z',
  date: '2026-01-31',
  time: '09:30:00',
  duration: 'P1D',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '0f5c8a52-3c0e-4f0e-9d4e-2f4c7a3a1b6d',
  ipv4: '192.0.2.1',
}
const EVERYDAY = ['example', 'Example', 'example.name', '1', '1.0.0', ...Object.values(BY_FORMAT)]
/** As many as there may be, up to this: one character alone does not look like an id. */
const REPEATS_WISHED = 8
const CHARS_MAX = 1_000

/** Undefined if none was found. */
export function textExample({ pattern, format, minLength = 0, maxLength = CHARS_MAX }: JsonSchema): string | undefined {
  const [least, most] = [Number(minLength), Number(maxLength)]
  const shape = typeof pattern === 'string' ? pattern : null
  const fits = (text: string) =>
    text.length >= least && text.length <= most && (shape === null || new RegExp(shape, 'u').test(text))
  const ofFormat = BY_FORMAT[typeof format === 'string' ? format : '']
  const ofPattern = shape === null ? undefined : fromPattern(shape)
  const tried = [
    ofFormat,
    ofPattern,
    ...EVERYDAY,
    'x'.repeat(Math.min(least, CHARS_MAX)),
    'x'.repeat(Math.min(most, 1)),
  ]
  return tried.find((text) => text !== undefined && fits(text))
}

/** A class, an escaped character, or a plain one; then perhaps how often. */
const PIECE =
  /(?:\[(?<set>(?:\\.|[^\]\\])+)\]|\\(?<escaped>.)|(?<plain>[^\\[\](){}*+?|.^$]))(?<count>\{\d+(?:,\d*)?\}|[*+?])?/y

function fromPattern(pattern: string): string | undefined {
  const inner = pattern.replace(/^\^/, '').replace(/\$$/, '')
  let text = ''
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < inner.length) {
    const { set, escaped, plain, count } = PIECE.exec(inner)?.groups ?? {}
    const char = plain ?? (escaped === undefined ? set && firstOf(set) : (OF_CLASS[escaped] ?? escaped))
    if (char === undefined) return undefined
    text += char.repeat(timesOf(count))
  }
  return text
}

const OF_CLASS: Record<string, string> = { d: '1', w: 'a', s: ' ' }

const firstOf = (set: string): string | undefined =>
  set.startsWith('^') ? undefined : set.startsWith('\\') ? OF_CLASS[set.charAt(1)] : set.charAt(0)

function timesOf(count = '{1}'): number {
  const [, least = '0', comma, most = ''] = /^\{(\d+)(,)?(\d*)\}$/.exec(count) ?? [
    undefined,
    count === '+' ? '1' : '0',
    ',',
    count === '?' ? '1' : '',
  ]
  if (comma === undefined) return Number(least)
  return Math.max(Number(least), Math.min(most === '' ? REPEATS_WISHED : Number(most), REPEATS_WISHED))
}

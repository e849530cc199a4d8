// Values that a careful sender would not send. What JSON.stringify cannot write stands as a mark, and its text is put in its place.

import type { Chance } from './chance.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const HUGE_CHARS = [300, 5_000, 70_000, 1_100_000]
const DEPTHS = [63, 65, 500, 20_000]
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\u202etxet',
  'e\u0301\u200d\ufeff',
  '👩‍👩‍👧‍👦',
  '\uffff\ufffe',
  '../../etc/passwd',
  '%00%2e%2e%2f',
  "'; DROP TABLE entries; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  'constructor',
  '__proto__',
  'toString',
  'null',
  'NaN',
  '-1',
  '1e309',
  '\r\nx-injected: 1',
  'ses_',
  'exe_00000000000000000000000000',
  `art_${'0'.repeat(64)}`,
  'upl_zz',
]
const NUMBERS = [
  '1e999',
  '-1e999',
  '1e-999',
  '-0',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.1e1',
  '2147483648',
  '-1',
]
/** Not JSON at all. */
const NOT_NUMBERS = ['NaN', 'Infinity', '0x10', '01', '+1', '.5', '1.', 'undefined', "'single'"]
const MARK = '@@text:'

const written = (text: string): string => `${MARK}${Buffer.from(text).toString('base64')}@@`

export const oddText = (chance: Chance): string => chance.pick(TEXTS)
export const oddNumber = (chance: Chance): Json => written(chance.pick(NUMBERS))
export const notNumber = (chance: Chance): Json => written(chance.pick(NOT_NUMBERS))
export const hugeText = (chance: Chance): string => chance.pick(['x', 'é', '"']).repeat(chance.pick(HUGE_CHARS))

export function deepValue(chance: Chance): Json {
  const depth = chance.pick(DEPTHS)
  return written(
    chance.happens(0.5) ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
  )
}

export function wrongType(chance: Chance): Json {
  return chance.pick<Json>([null, true, 0, 1.5, -1, '', 'text', [], {}, [null], { a: 1 }, [[]]])
}

/** An object with names that mean something to JavaScript. */
export const prototypes = (chance: Chance): Json =>
  written(
    chance.pick([
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"__proto__":null,"toString":1,"then":1}',
      '{"hasOwnProperty":1,"length":-1}',
    ]),
  )

/** JSON as it goes out, with what stands for a text written as that text. */
export const textOf = (value: Json): string =>
  JSON.stringify(value).replaceAll(/"@@text:([\w+/=]+)@@"/g, (_, text: string) =>
    Buffer.from(text, 'base64').toString(),
  )

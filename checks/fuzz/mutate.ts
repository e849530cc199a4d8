// What is done to a good request so that it is no longer one. Each way has a name, by which the counts tell them apart.

import type { Chance } from './chance.ts'
import { type Json, deepValue, hugeText, notNumber, oddNumber, oddText, prototypes, textOf, wrongType } from './odd.ts'

/** In place of a value somewhere inside. */
const VALUES: Record<string, (chance: Chance) => Json> = {
  wrong_type: wrongType,
  huge: hugeText,
  deep: deepValue,
  odd_text: oddText,
  odd_number: oddNumber,
  no_number: notNumber,
  prototype: prototypes,
}

/** To the text as it would go out. */
const TEXTS: Record<string, (chance: Chance, text: string) => Buffer> = {
  duplicate: (_, text) => Buffer.from(text.replace(/\{("(?:[^"\\]|\\.)*":)/, '{$1null,$1')),
  truncated: (chance, text) => Buffer.from(text).subarray(0, chance.below(Buffer.byteLength(text) + 1)),
  flipped: (chance, text) => flipped(chance, Buffer.from(text)),
  inserted: (chance, text) => inserted(chance, Buffer.from(text)),
  twice: (_, text) => Buffer.from(text + text),
}

/** To the whole of an object. */
const WHOLES: Record<string, (chance: Chance, value: Json) => Json> = {
  missing: (chance, value) => withoutOne(chance, value),
  extra: (chance, value) => (isObject(value) ? { ...value, [oddText(chance) || 'more']: wrongType(chance) } : [value]),
  replaced: wrongType,
}

const VALUE_NAMES = Object.keys(VALUES)
const TEXT_NAMES = Object.keys(TEXTS)
const WHOLE_NAMES = Object.keys(WHOLES)
const NAMES = [...VALUE_NAMES, ...VALUE_NAMES, ...WHOLE_NAMES, ...TEXT_NAMES]

export interface Mutated {
  /** What was done. */
  how: string
  bytes: Buffer
}

export const unchanged = (value: Json): Mutated => ({ how: 'fits', bytes: Buffer.from(textOf(value)) })

export function mutate(chance: Chance, value: Json): Mutated {
  const how = chance.pick(NAMES)
  const [asValue, asWhole, asText] = [VALUES[how], WHOLES[how], TEXTS[how]]
  if (asText) return { how, bytes: asText(chance, textOf(value)) }
  const changed = asWhole ? asWhole(chance, value) : replaceOne(chance, value, asValue?.(chance) ?? null)
  return { how, bytes: Buffer.from(textOf(changed)) }
}

export function flipped(chance: Chance, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let times = 1 + chance.below(4); times > 0 && copy.length > 0; times--) {
    const at = chance.below(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8))
  }
  return copy
}

function inserted(chance: Chance, bytes: Buffer): Buffer {
  const at = chance.below(bytes.length + 1)
  const noise = Buffer.from(Array.from({ length: 1 + chance.below(8) }, () => chance.below(256)))
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Goes down at random and puts `other` where it stops. */
function replaceOne(chance: Chance, value: Json, other: Json): Json {
  if (Array.isArray(value) && value.length > 0) {
    const at = chance.below(value.length)
    return value.with(at, replaceOne(chance, value[at] ?? null, other))
  }
  if (!isObject(value) || Object.keys(value).length === 0) return other
  const name = chance.pick(Object.keys(value))
  return { ...value, [name]: replaceOne(chance, value[name] ?? null, other) }
}

function withoutOne(chance: Chance, value: Json): Json {
  if (!isObject(value) || Object.keys(value).length === 0) return {}
  const name = chance.pick(Object.keys(value))
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
}

// What text may cross between the planes (docs/protocol.md §3): JSON whose strings every store keeps unchanged, nested no
// deeper than a bound. PostgreSQL refuses \u0000 and encoders silently replace unpaired surrogates, so both stay outside.

import { ProblemError } from './problem.ts'

export const MAX_JSON_DEPTH = 64
/** Bytes of a JSON body. */
export const MAX_BODY_BYTES = 1024 * 1024

/**
 * Parses a JSON body. Depth is counted on the text, before parsing, because a parsed value too deep cannot be written again.
 * So are the members of objects: if the value has fewer, a key stood twice, and two readers may take different ones.
 * @throws ProblemError malformed_json, text_invalid or body_too_deep
 */
export function parseJson(text: string): unknown {
  const scan = scanText(text)
  if (scan.depth > MAX_JSON_DEPTH) throw new ProblemError('body_too_deep', `The limit is ${MAX_JSON_DEPTH} levels.`)
  if (!text.isWellFormed()) throw new ProblemError('text_invalid')
  let value: unknown
  try {
    value = JSON.parse(text, scan.guarded ? refusePoison : undefined)
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause
    throw new ProblemError('malformed_json', (cause as Error).message, { cause })
  }
  if (scan.escapes && !hasCleanText(value)) throw new ProblemError('text_invalid')
  if (membersOf(value) !== scan.members) throw new ProblemError('malformed_json', 'A key stands twice in one object.')
  return value
}

interface Scan {
  /** Of nesting. */
  depth: number
  /** Members of all objects: outside strings, a colon stands in each and nowhere else. */
  members: number
  /** Whether \u escapes occur: only they can hide bad text. */
  escapes: boolean
  /** Whether a key may reach a prototype. */
  guarded: boolean
}

function scanText(text: string): Scan {
  let depth = 0
  let deepest = 0
  let members = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (char === 0x7d || char === 0x5d) depth--
    else if (char === 0x3a) members++
  }
  const escapes = text.includes('\\u')
  const guarded = escapes || text.includes('__proto__') || text.includes('constructor')
  return { depth: deepest, members, escapes, guarded }
}

/** Without making lists of keys, which would cost ten times as much. The value's depth is bounded by its parser. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const each of value) members += membersOf(each)
    return members
  }
  for (const key in value) members += 1 + membersOf((value as { [key: string]: unknown })[key])
  return members
}

function refusePoison(key: string, value: unknown): unknown {
  if (
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value)
  ) {
    throw new ProblemError('malformed_json', `The key ${key} is not taken.`)
  }
  return value
}

/** True if every string in a JSON value, keys included, can be stored unchanged. The value's depth is bounded by its parser. */
export function hasCleanText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (Array.isArray(value)) return value.every(hasCleanText)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).every(([key, inner]) => hasCleanText(key) && hasCleanText(inner))
  }
  return true
}

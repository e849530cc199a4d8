// Which kind of JSON a file is, from its beginning; null if it is none.
//
// `lines`: each line is a record. `elements`: records follow one another from a place in the file, separated by commas
// or space: the elements of an array, at the top or under a key of the one object that the file is, or whole objects.

export type JsonFormat =
  | { kind: 'lines' }
  /** `wrapped`: what follows the array's end belongs to the object around it. */
  | { kind: 'elements'; offset: number; wrapped: boolean }

const VALUE_START = /[[{"\-0-9tfn]/

export function detectJson(sample: Buffer): JsonFormat | null {
  const text = sample.toString('latin1')
  const first = text.search(/\S/)
  if (first === -1) return null
  const opening = text.charAt(first)
  const inner = text
    .slice(first + 1)
    .trimStart()
    .charAt(0)
  if (opening === '[' && (inner === ']' || inner === '' || VALUE_START.test(inner))) {
    return areLines(text, '[', ']') ? { kind: 'lines' } : { kind: 'elements', offset: first + 1, wrapped: false }
  }
  if (opening !== '{' || !(inner === '"' || inner === '}')) return null
  if (areLines(text, '{', '}')) return { kind: 'lines' }
  const array = findArray(text, first)
  return array === null
    ? { kind: 'elements', offset: first, wrapped: false }
    : { kind: 'elements', offset: array, wrapped: true }
}

/** True if several lines begin and end as a record does, and the first is one of them or most are. */
function areLines(text: string, open: string, close: string): boolean {
  const all = text.split(/\r\n|\n|\r/).map((line) => line.trim())
  const lines = (all.length > 2 ? all.slice(0, -1) : all).filter((line) => line !== '')
  if (lines.length < 2) return false
  const like = lines.map((line) => line.startsWith(open) && line.endsWith(close))
  const count = like.filter(Boolean).length
  return count * 2 > lines.length || (like[0] === true && count > 1)
}

/** Where the first array of objects in a top-level object begins, past its bracket; or of anything, if none has objects. */
function findArray(text: string, start: number): number | null {
  let depth = 0
  let inString = false
  let other: number | null = null
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at)
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      depth++
      if (char === '[' && depth === 2) {
        if (/^\s*\{/.test(text.slice(at + 1, at + 200))) return at + 1
        other ??= at + 1
      }
    } else if (char === '}' || char === ']') depth--
  }
  return other
}

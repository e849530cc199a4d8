// Splits JSON into records, chunk by chunk. What is no JSON is rejected line by line, as in delimited files.

import type { JsonFormat } from './json-format.ts'
import { lineEnd } from './line-end.ts'
import { LineRejecter } from './line-rejecter.ts'
import { RECORD_BYTES_MAX, rawText, type RejectedRow } from './rejected-row.ts'
import { decode } from './encoding.ts'
import type { Place } from './split-delimited.ts'

export interface JsonSink {
  value(value: unknown, bytes: Buffer, place: Place): void
  reject(row: RejectedRow): void
}

const SPACES = new Set([9, 10, 13, 32])
const COMMA = 44
const BRACKET = 93
/** Characters of a parser's complaint that are kept. */
const DETAIL_CHARS_MAX = 200

export class JsonSplitter {
  private readonly format: JsonFormat
  private readonly sink: JsonSink
  private readonly rejecter: LineRejecter
  private carry: Buffer = Buffer.alloc(0)
  private skip: number
  private record = 0
  private line = 1
  private done = false

  constructor(format: JsonFormat, sink: JsonSink) {
    this.format = format
    this.sink = sink
    this.skip = format.kind === 'elements' ? format.offset : 0
    this.rejecter = new LineRejecter((row) => sink.reject(row))
  }

  feed(chunk: Buffer, last: boolean): void {
    const bytes = this.carry.length === 0 ? this.begin(chunk) : Buffer.concat([this.carry, chunk])
    let at = 0
    while (at < bytes.length && !this.done) {
      const next = this.rejecter.pending ? this.rejecter.resume(bytes, at, last) : this.step(bytes, at, last)
      if (next === at) break
      at = next
    }
    if (last && this.rejecter.pending) this.rejecter.resume(bytes, bytes.length, true)
    this.carry = bytes.subarray(this.done ? bytes.length : at)
  }

  /** Leaves out what stands before the first record. */
  private begin(chunk: Buffer): Buffer {
    const skipped = Math.min(this.skip, chunk.length)
    this.skip -= skipped
    this.line += lineFeeds(chunk, 0, skipped)
    return chunk.subarray(skipped)
  }

  private step(bytes: Buffer, at: number, last: boolean): number {
    return this.format.kind === 'lines' ? this.stepLine(bytes, at, last) : this.stepElement(bytes, at, last)
  }

  private stepLine(bytes: Buffer, at: number, last: boolean): number {
    const found = lineEnd(bytes, at, last)
    if (found === null) return bytes.length - at > RECORD_BYTES_MAX ? this.refuse(bytes, at, last) : at
    if (found.end - at > RECORD_BYTES_MAX) return this.refuse(bytes, at, last)
    const record = bytes.subarray(at, found.end)
    if (record.every((byte) => SPACES.has(byte))) this.line++
    else this.parse(record, 1)
    return found.next
  }

  private stepElement(bytes: Buffer, at: number, last: boolean): number {
    const byte = bytes[at]!
    if (SPACES.has(byte) || byte === COMMA) {
      if (byte === 10) this.line++
      return at + 1
    }
    if (byte === BRACKET) {
      this.done = this.format.kind === 'elements' && this.format.wrapped
      return at + 1
    }
    const end = valueEnd(bytes, at, last)
    if (end === 'none' || end === 'open') {
      return end === 'open' && !last && bytes.length - at <= RECORD_BYTES_MAX ? at : this.refuse(bytes, at, last)
    }
    if (end - at > RECORD_BYTES_MAX) return this.refuse(bytes, at, last)
    this.parse(bytes.subarray(at, end), lineFeeds(bytes, at, end))
    return end
  }

  private parse(bytes: Buffer, lines: number): void {
    const place = { record: ++this.record, line: this.line }
    this.line += lines
    const text = decode(bytes)
    if (text === null) return this.sink.reject({ ...place, reason: 'undecodable', detail: '', raw: rawText(bytes) })
    let value: unknown
    try {
      value = parseExactly(text)
    } catch (error) {
      const detail = (error as Error).message.slice(0, DETAIL_CHARS_MAX).toWellFormed()
      return this.sink.reject({ ...place, reason: 'not_json', detail, raw: rawText(bytes) })
    }
    this.sink.value(value, bytes, place)
  }

  private refuse(bytes: Buffer, at: number, last: boolean): number {
    const place = { record: ++this.record, line: this.line++ }
    return this.rejecter.rejectLine(bytes, at, last, { ...place, reason: 'not_json', detail: '' })
  }
}

/** Integers that a double would round stay as they are written. */
function parseExactly(text: string): unknown {
  if (!/[0-9]{16}/.test(text)) return JSON.parse(text)
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)
      ? (context?.source ?? value)
      : value
  return JSON.parse(text, keepDigits)
}

function lineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = bytes.indexOf(10, from); at !== -1 && at < to; at = bytes.indexOf(10, at + 1)) count++
  return count
}

/** Where the value that begins at `start` ends; `open` if beyond the buffer, `none` if no value begins so. */
function valueEnd(bytes: Buffer, start: number, last: boolean): number | 'open' | 'none' {
  const first = String.fromCharCode(bytes[start]!)
  if (first === '{' || first === '[') return nestedEnd(bytes, start)
  if (first === '"') return stringEnd(bytes, start)
  if (!/[-0-9a-zA-Z]/.test(first)) return 'none'
  let at = start
  while (at < bytes.length && !SPACES.has(bytes[at]!) && bytes[at] !== COMMA && bytes[at] !== BRACKET) at++
  return at === bytes.length && !last ? 'open' : at
}

function nestedEnd(bytes: Buffer, start: number): number | 'open' {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 34) {
      const end = stringEnd(bytes, at)
      if (end === 'open') return 'open'
      at = end - 1
    } else if (byte === 123 || byte === 91) depth++
    else if ((byte === 125 || byte === 93) && --depth === 0) return at + 1
  }
  return 'open'
}

function stringEnd(bytes: Buffer, start: number): number | 'open' {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === 92) at++
    else if (bytes[at] === 34) return at + 1
  }
  return 'open'
}

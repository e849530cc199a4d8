// Reads one delimited record from a buffer (RFC 4180, and what is close to it). A pure function over bytes.
//
// A cell is quoted if a quote is its first character, spaces aside. Inside, a doubled quote stands for one, and
// in that dialect a backslash keeps the character after it; the closing quote must be followed by a delimiter or the end of the record, spaces
// aside. In any other cell a quote is a character like others. LF, CRLF and CR alone each end a record.

export interface Dialect {
  delimiter: string
  quote: '"' | "'" | ''
  escape: 'double' | 'backslash'
}

export type ScanOutcome =
  | 'record'
  /** Nothing but spaces. */
  | 'blank'
  /** The buffer ended before the record did. */
  | 'incomplete'
  /** Something other than a delimiter follows a closing quote. */
  | 'stray_quote'
  /** A record of several lines that has more cells than any may have. */
  | 'overrun'

/** What a scan found; one object is used for all scans, since there are millions. Positions are in the buffer. */
export class Scan {
  /** Where the next record begins. */
  next = 0
  /** Line ends within the record, that is within quotes. */
  breaks = 0
  cells = 0
  /** True if the bytes of the record say the same in the plainest dialect with this delimiter and `"`. */
  plain = true
  /** Of each cell, its content without quotes: start, end, and whether it was quoted (2 if it also holds escapes). */
  starts = new Int32Array(64)
  ends = new Int32Array(64)
  quoted = new Uint8Array(64)

  add(start: number, end: number, quoted: number): void {
    if (this.cells === this.starts.length) this.grow()
    this.starts[this.cells] = start
    this.ends[this.cells] = end
    this.quoted[this.cells++] = quoted
  }

  private grow(): void {
    const size = this.starts.length * 2
    const copy = <T extends Int32Array | Uint8Array>(from: T, to: T): T => (to.set(from), to)
    this.starts = copy(this.starts, new Int32Array(size))
    this.ends = copy(this.ends, new Int32Array(size))
    this.quoted = copy(this.quoted, new Uint8Array(size))
  }
}

const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const DOUBLE_QUOTE = 34
const BACKSLASH = 92

/** The bytes of a dialect. 256 is no byte, so it matches nothing. */
export interface DialectBytes {
  delimiter: number
  quote: number
  escape: number
}

export const dialectBytes = ({ delimiter, quote, escape }: Dialect): DialectBytes => ({
  delimiter: delimiter.charCodeAt(0),
  quote: quote === '' ? 256 : quote.charCodeAt(0),
  escape: escape === 'backslash' ? BACKSLASH : 256,
})

/**
 * Scans the record that begins at `start`. `last`: no bytes follow the buffer. `cellsMax`: a record of several lines with
 * more cells is given up at once, which bounds how far an unterminated quote can run.
 */
export function scanRecord(
  bytes: Uint8Array,
  start: number,
  dialect: DialectBytes,
  last: boolean,
  cellsMax: number,
  scan: Scan,
): ScanOutcome {
  const { delimiter, quote } = dialect
  const end = bytes.length
  let at = start
  scan.breaks = 0
  scan.cells = 0
  scan.plain = true
  for (;;) {
    const opening = quote === 256 ? at : skipSpaces(bytes, at, delimiter)
    if (opening < end && bytes[opening] === quote) {
      const closing = scanQuoted(bytes, opening + 1, dialect, scan)
      if (closing >= end || (closing + 1 === end && !last)) return 'incomplete'
      scan.plain &&= opening === at && quote === DOUBLE_QUOTE && dialect.escape === 256
      at = skipSpaces(bytes, closing + 1, delimiter)
      scan.plain &&= at === closing + 1
      const after = bytes[at]
      if (at < end && after !== delimiter && after !== LF && after !== CR) return 'stray_quote'
    } else {
      const from = at
      let byte = -1
      for (; at < end; at++) {
        byte = bytes[at]!
        if (byte === delimiter || byte === LF || byte === CR) break
        if (byte === DOUBLE_QUOTE) scan.plain = false
      }
      scan.add(from, at, 0)
    }
    if (at >= end) {
      scan.next = end
      return last ? outcomeOf(bytes, start, scan) : 'incomplete'
    }
    if (bytes[at] !== delimiter) return endOfLine(bytes, start, at, last, scan)
    at++
    if (scan.breaks > 0 && scan.cells >= cellsMax) return 'overrun'
  }
}

/** Adds the quoted cell whose content begins at `at`; answers where its closing quote is, or the end of the buffer. */
function scanQuoted(bytes: Uint8Array, from: number, { quote, escape }: DialectBytes, scan: Scan): number {
  const end = bytes.length
  let kind = 1
  for (let at = from; at < end; at++) {
    const byte = bytes[at]
    if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) scan.breaks++
    else if (byte === escape) {
      kind = 2
      at++
    } else if (byte === quote) {
      if (bytes[at + 1] !== quote) {
        scan.add(from, at, kind)
        return at
      }
      kind = 2
      at++
    }
  }
  return end
}

function skipSpaces(bytes: Uint8Array, from: number, delimiter: number): number {
  let at = from
  while (at < bytes.length && (bytes[at] === SPACE || bytes[at] === TAB) && bytes[at] !== delimiter) at++
  return at
}

function endOfLine(bytes: Uint8Array, start: number, at: number, last: boolean, scan: Scan): ScanOutcome {
  const carriage = bytes[at] === CR
  if (carriage && at + 1 === bytes.length && !last) return 'incomplete'
  scan.next = carriage && bytes[at + 1] === LF ? at + 2 : at + 1
  return outcomeOf(bytes, start, scan)
}

function outcomeOf(bytes: Uint8Array, start: number, scan: Scan): ScanOutcome {
  if (scan.cells !== 1 || scan.quoted[0] !== 0) return 'record'
  return skipSpaces(bytes, start, 256) >= scan.ends[0]! ? 'blank' : 'record'
}

// Splits a delimited file into records, chunk by chunk, and accounts for each: every record is handed on once, as a record
// or as a rejected row. The result does not depend on where the chunks are cut (split-delimited.test.ts).

import { LineRejecter } from './line-rejecter.ts'
import { RECORD_BYTES_MAX, rawText, type RejectedRow, type RejectReason } from './rejected-row.ts'
import { Scan, dialectBytes, scanRecord, type Dialect, type DialectBytes, type ScanOutcome } from './scan-record.ts'

export interface DelimitedSink {
  /** `scan` and `bytes` are used again for the next record. `end` is where its last cell ends, before the line end. */
  record(bytes: Buffer, start: number, end: number, scan: Scan, place: Place): void
  reject(row: RejectedRow): void
}

export interface Place {
  record: number
  line: number
}

export class DelimitedSplitter {
  /** Lines that hold nothing but spaces; they are no records. */
  blank = 0
  private readonly dialect: DialectBytes
  private readonly width: number
  private readonly sink: DelimitedSink
  private readonly scan = new Scan()
  private readonly rejecter: LineRejecter
  private carry: Buffer = Buffer.alloc(0)
  private record = 0
  private line = 1

  /** `width`: how many cells a record must have; 0 if that is not known yet. */
  constructor(dialect: Dialect, width: number, sink: DelimitedSink) {
    this.dialect = dialectBytes(dialect)
    this.width = width
    this.sink = sink
    this.rejecter = new LineRejecter((row) => sink.reject(row))
  }

  feed(chunk: Buffer, last: boolean): void {
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk])
    let at = 0
    while (at < bytes.length) {
      const next = this.rejecter.pending ? this.rejecter.resume(bytes, at, last) : this.step(bytes, at, last)
      if (next === at) break
      at = next
    }
    if (last && this.rejecter.pending) this.rejecter.resume(bytes, bytes.length, true)
    this.carry = bytes.subarray(at)
  }

  /** Deals with what begins at `at`; answers where to go on, or `at` if more bytes are needed to tell. */
  private step(bytes: Buffer, at: number, last: boolean): number {
    const { scan } = this
    const outcome = scanRecord(bytes, at, this.dialect, last, this.width === 0 ? Infinity : this.width, scan)
    if (outcome === 'incomplete' && !last && bytes.length - at <= RECORD_BYTES_MAX) return at
    if (outcome === 'blank') {
      this.blank++
      this.line++
      return scan.next
    }
    const trouble = this.troubleOf(outcome, scan.next - at)
    this.record++
    const place = { record: this.record, line: this.line }
    if (trouble !== null) {
      this.line++
      return this.rejecter.rejectLine(bytes, at, last, { ...place, ...trouble })
    }
    this.line += scan.breaks + 1
    if (this.width !== 0 && scan.cells !== this.width) this.rejectWidth(bytes, at, place)
    else this.sink.record(bytes, at, endOf(bytes, at, scan.next), scan, place)
    return scan.next
  }

  /**
   * What makes reading go on at the next line. A record of several lines that comes out with the wrong number of cells
   * is one: most likely a quote was left open and another, lines later, closed it by chance.
   */
  private troubleOf(outcome: ScanOutcome, size: number): { reason: RejectReason; detail: string } | null {
    const { scan, width } = this
    const spread = scan.breaks > 0 && width !== 0 && scan.cells !== width
    if (outcome === 'stray_quote' && scan.breaks === 0) return { reason: 'stray_quote', detail: '' }
    if (outcome === 'record' && size <= RECORD_BYTES_MAX && !spread) return null
    return { reason: 'unterminated_quote', detail: '' }
  }

  private rejectWidth(bytes: Buffer, at: number, place: Place): void {
    const { cells, next } = this.scan
    const detail = `It has ${cells} ${cells === 1 ? 'cell' : 'cells'}; the table has ${this.width} columns.`
    this.sink.reject({
      ...place,
      reason: 'cell_count',
      detail,
      raw: rawText(bytes.subarray(at, endOf(bytes, at, next))),
    })
  }
}

/** `next` without the line end before it. */
function endOf(bytes: Buffer, start: number, next: number): number {
  let end = next
  if (end > start && bytes[end - 1] === 10) end--
  if (end > start && bytes[end - 1] === 13) end--
  return end
}

// What the splitters write and DuckDB reads: delimited text in UTF-8 in the plainest dialect, each line beginning with the
// number of its record, and beside it the rejected rows, one JSON object a line. `tally` counts everything that went by.

import { ByteFile } from './byte-file.ts'
import type { RejectedRow, RejectReason } from './rejected-row.ts'

export interface Tally {
  /** Records of the file, the header aside. */
  in: number
  landed: number
  rejected: number
  reasons: Partial<Record<RejectReason, number>>
  /** Records with characters beyond ASCII, by what they turned out to be. */
  utf8: number
  windows1252: number
  /** Bytes of the longest line written. */
  longest: number
  /** True if some cell holds a NUL. */
  nul: boolean
}

const LINE_FEED = 10
const QUOTE = 34
const DIGITS_MAX = 16

export class Intermediate implements Disposable {
  readonly tally: Tally = {
    in: 0,
    landed: 0,
    rejected: 0,
    reasons: {},
    utf8: 0,
    windows1252: 0,
    longest: 0,
    nul: false,
  }
  readonly rows: ByteFile
  private readonly rejects: ByteFile
  private lineStart = 0

  constructor(rowsPath: string, rejectsPath: string) {
    this.rows = new ByteFile(rowsPath)
    this.rejects = new ByteFile(rejectsPath)
  }

  /** Begins the line of a record that will take at most `bytes`, its number aside. */
  begin(record: number, bytes: number): void {
    this.rows.ensure(bytes + DIGITS_MAX)
    this.lineStart = this.rows.size
    this.rows.size += this.rows.buffer.write(String(record), this.rows.size, 'latin1')
  }

  /** Ends the line of a record: it has landed. */
  end(): void {
    const { rows, tally } = this
    rows.buffer[rows.size++] = LINE_FEED
    tally.longest = Math.max(tally.longest, rows.size - this.lineStart)
    tally.in++
    tally.landed++
  }

  byte(byte: number): void {
    this.rows.buffer[this.rows.size++] = byte
  }

  copy(bytes: Buffer, start: number, end: number): void {
    this.rows.size += bytes.copy(this.rows.buffer, this.rows.size, start, end)
  }

  /** A cell in quotes. Needs room for twice its bytes and two. */
  quoted(content: Buffer): void {
    const { rows } = this
    this.byte(QUOTE)
    for (const byte of content) {
      if (byte === QUOTE) rows.buffer[rows.size++] = QUOTE
      rows.buffer[rows.size++] = byte
    }
    this.byte(QUOTE)
  }

  reject(row: RejectedRow): void {
    this.rejects.writeText(`${JSON.stringify(row)}\n`)
    this.tally.in++
    this.tally.rejected++
    this.tally.reasons[row.reason] = (this.tally.reasons[row.reason] ?? 0) + 1
  }

  flush(): void {
    this.rows.flush()
    this.rejects.flush()
  }

  [Symbol.dispose](): void {
    this.rows[Symbol.dispose]()
    this.rejects[Symbol.dispose]()
  }
}

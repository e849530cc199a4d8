// Turns the records of a delimited file into lines of the intermediate, each cell as it is.

import { isAscii, isUtf8 } from 'node:buffer'

import { cellBytes } from './cell-text.ts'
import { decodeWindows1252 } from './encoding.ts'
import type { Intermediate } from './intermediate.ts'
import { rawText, type RejectedRow } from './rejected-row.ts'
import { dialectBytes, type DialectBytes, type Scan } from './scan-record.ts'
import type { Layout } from './sniff.ts'
import type { DelimitedSink, Place } from './split-delimited.ts'

/** UTF-8 of U+FFFD, which a decoder puts where it understood nothing. */
const REPLACEMENT = Buffer.from('\ufffd')
const QUOTE = 34

/** A character of Windows-1252 takes at most so many bytes in UTF-8; a quote is doubled. */
const GROWTH_MAX = 3

export class DelimitedLanding implements DelimitedSink {
  private readonly layout: Layout
  private readonly out: Intermediate
  private readonly decoded: boolean
  private readonly dialect: DialectBytes
  private readonly kept: number
  private chunk: Buffer | null = null
  private chunkIsAscii = true

  /** `decoded`: the bytes were turned into UTF-8 before. */
  constructor(layout: Layout, out: Intermediate, decoded: boolean) {
    this.layout = layout
    this.out = out
    this.decoded = decoded
    this.dialect = dialectBytes(layout.dialect)
    this.kept = layout.labels.length
  }

  record(bytes: Buffer, start: number, end: number, scan: Scan, place: Place): void {
    if (place.line === this.layout.headerLine) return
    const encoding = this.encodingOf(bytes, start, end)
    if (encoding === null || place.line < this.layout.headerLine) {
      const raw = rawText(bytes.subarray(start, end))
      return this.reject({ ...place, reason: 'undecodable', detail: '', raw })
    }
    const { out } = this
    out.begin(this.numberOf(place), (end - start) * GROWTH_MAX + this.kept * GROWTH_MAX)
    const from = out.rows.size
    if (scan.plain && !this.layout.dropLast) {
      out.byte(this.dialect.delimiter)
      out.copy(bytes, start, end)
    } else this.writeCells(bytes, scan)
    if (encoding === 'windows-1252') this.transcode(from)
    out.end()
  }

  reject(row: RejectedRow): void {
    const { headerLine } = this.layout
    if (row.line === headerLine) return
    const above = row.line < headerLine
    const told = above ? { ...row, reason: 'before_header' as const, detail: '' } : row
    this.out.reject({ ...told, record: this.numberOf(row) })
  }

  /** The header is no record, so those below it count from one less. */
  private numberOf({ record, line }: Place): number {
    return this.layout.headerLine > 0 && line > this.layout.headerLine ? record - 1 : record
  }

  private writeCells(bytes: Buffer, scan: Scan): void {
    const { out, dialect } = this
    for (let cell = 0; cell < this.kept; cell++) {
      out.byte(dialect.delimiter)
      const content = cellBytes(bytes, scan, cell, dialect.quote, dialect.escape)
      // An unquoted cell holds neither delimiter nor line end.
      if (scan.quoted[cell] !== 0 || content.includes(QUOTE)) out.quoted(content)
      else out.copy(content, 0, content.length)
    }
  }

  /** What a record is encoded in; null if in nothing known. Counts it. */
  private encodingOf(bytes: Buffer, start: number, end: number): 'utf-8' | 'windows-1252' | null {
    if (bytes !== this.chunk) this.openChunk(bytes)
    if (this.chunkIsAscii) return 'utf-8'
    const record = bytes.subarray(start, end)
    if (isAscii(record)) return 'utf-8'
    const { tally } = this.out
    if (isUtf8(record)) {
      if (this.decoded && record.includes(REPLACEMENT)) return null
      tally.utf8++
      return 'utf-8'
    }
    if (decodeWindows1252(record) === null) return null
    tally.windows1252++
    return 'windows-1252'
  }

  private openChunk(bytes: Buffer): void {
    this.chunk = bytes
    this.chunkIsAscii = isAscii(bytes)
    this.out.tally.nul ||= bytes.includes(0)
  }

  /** Rewrites what was written of this line in Windows-1252 as UTF-8. */
  private transcode(from: number): void {
    const { rows } = this.out
    const text = decodeWindows1252(rows.buffer.subarray(from, rows.size))!
    rows.size = from + rows.buffer.write(text, from)
  }
}

// Turns JSON records into lines of the intermediate.

import { flatten, isObject, cellOf } from './flatten.ts'
import type { Intermediate } from './intermediate.ts'
import { kindOf, type JsonShape } from './json-shape.ts'
import { rawText, type RejectedRow } from './rejected-row.ts'
import { isAscii, isUtf8 } from 'node:buffer'
import type { JsonSink } from './split-json.ts'
import type { Place } from './split-delimited.ts'

const COMMA = 44

export class JsonLanding implements JsonSink {
  private readonly shape: JsonShape
  private readonly out: Intermediate
  private readonly places: Map<string, number>
  private readonly row: (string | null)[]
  private headerSeen = 0

  constructor(shape: JsonShape, out: Intermediate) {
    this.shape = shape
    this.out = out
    this.places = new Map(shape.columns.map((path, index) => [path, index]))
    this.row = shape.columns.map(() => null)
  }

  value(value: unknown, bytes: Buffer, place: Place): void {
    if (kindOf(value) !== this.shape.kind) this.refuse('not_an_object', '', bytes, place)
    else if (Array.isArray(value)) this.array(value, bytes, place)
    else this.land(isObject(value) ? this.cellsOf(value) : [cellOf(value)], bytes, place)
  }

  reject(row: RejectedRow): void {
    this.out.reject({ ...row, record: row.record - this.headerSeen })
  }

  private array(value: unknown[], bytes: Buffer, place: Place): void {
    if (this.shape.header && this.headerSeen === 0) {
      this.headerSeen = 1
      return
    }
    const width = this.shape.columns.length
    if (value.length === width) this.land(value.map(cellOf), bytes, place)
    else this.refuse('cell_count', `It has ${value.length} cells; the table has ${width} columns.`, bytes, place)
  }

  private cellsOf(record: Record<string, unknown>): (string | null)[] {
    this.row.fill(null)
    flatten(record, this.shape.nest, (path, cell) => (this.row[this.places.get(path)!] = cell))
    return this.row
  }

  private land(cells: readonly (string | null)[], bytes: Buffer, place: Place): void {
    this.count(bytes)
    let size = 0
    const contents = cells.map((cell) => {
      const content = cell === null ? null : Buffer.from(cell.toWellFormed())
      size += 1 + (content === null ? 0 : content.length * 2 + 2)
      return content
    })
    this.out.begin(place.record - this.headerSeen, size)
    for (const content of contents) {
      this.out.byte(COMMA)
      if (content !== null) this.out.quoted(content)
      this.out.tally.nul ||= content?.includes(0) ?? false
    }
    this.out.end()
  }

  private count(bytes: Buffer): void {
    if (isAscii(bytes)) return
    if (isUtf8(bytes)) this.out.tally.utf8++
    else this.out.tally.windows1252++
  }

  private refuse(reason: RejectedRow['reason'], detail: string, bytes: Buffer, place: Place): void {
    this.reject({ ...place, reason, detail, raw: rawText(bytes) })
  }
}

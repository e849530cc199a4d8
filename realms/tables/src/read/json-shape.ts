// What the records of a JSON file have in common, found by reading all of it once: objects with these keys, arrays of this
// many cells, or single values. The commonest kind is the table; records of another kind are rejected.

import { TerminalError } from '@biplane/realm'

import { COLUMNS_MAX, refuseColumns } from './columns-max.ts'
import { flatten, isObject } from './flatten.ts'
import type { JsonSink } from './split-json.ts'

export type RecordKind = 'object' | 'array' | 'value'

export interface JsonShape {
  kind: RecordKind
  /** Paths of cells in an object, in the order in which they turn up; for the other kinds, labels. */
  columns: string[]
  /** Objects within objects give columns of their own; not if that would be too many. */
  nest: boolean
  /** The first array names the columns. */
  header: boolean
}

export const kindOf = (value: unknown): RecordKind =>
  Array.isArray(value) ? 'array' : isObject(value) ? 'object' : 'value'

export class ShapeFinder implements JsonSink {
  private readonly counts: Record<RecordKind, number> = { object: 0, array: 0, value: 0 }
  private readonly nested = new Set<string>()
  private readonly own = new Set<string>()
  private readonly widths = new Map<number, number>()
  private firstArray: unknown[] | null = null
  private rejected = 0

  value(value: unknown): void {
    this.counts[kindOf(value)]++
    if (Array.isArray(value)) {
      this.firstArray ??= value
      this.widths.set(value.length, (this.widths.get(value.length) ?? 0) + 1)
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) this.own.add(key)
      if (this.nested.size <= COLUMNS_MAX) flatten(value, true, (path) => this.nested.add(path))
    }
  }

  reject(): void {
    this.rejected++
  }

  /** @throws TerminalError content.too_many_columns, content.empty, content.not_a_table */
  get shape(): JsonShape {
    const kinds: RecordKind[] = ['object', 'array', 'value']
    const kind = kinds.reduce((a, b) => (this.counts[b] > this.counts[a] ? b : a))
    if (this.counts[kind] === 0) throw this.rejected === 0 ? noRecord() : noneReadable()
    if (kind === 'value') return { kind, columns: ['value'], nest: false, header: false }
    if (kind === 'array') return this.arrayShape()
    const nest = this.nested.size <= COLUMNS_MAX
    const columns = [...(nest ? this.nested : this.own)]
    refuseColumns(columns.length)
    return { kind, columns, nest, header: false }
  }

  private arrayShape(): JsonShape {
    const width = [...this.widths].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
    refuseColumns(width)
    const first = this.firstArray ?? []
    const header = first.length === width && this.counts.array > 1 && first.every(isName)
    const columns = Array.from({ length: width }, (_, i) => (header ? String(first[i]) : ''))
    return { kind: 'array', columns, nest: false, header }
  }
}

const noRecord = (): TerminalError =>
  new TerminalError('content.empty', 'The file holds no JSON record. Upload one that has at least one.')

const noneReadable = (): TerminalError =>
  new TerminalError(
    'content.not_a_table',
    'The file begins like JSON, but none of its records can be read. Check that it is whole, or upload it as CSV.',
  )

const isName = (cell: unknown): boolean => typeof cell === 'string' && cell.trim() !== '' && !/^[\d.,:/-]+$/.test(cell)

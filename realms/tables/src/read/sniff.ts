// Finds out how a delimited file is written, from its beginning: delimiter, quotes, header, columns.
//
// Every dialect is tried on the sample and scored. A good one gives most records the same number of cells, more than one of
// them, and cells that look like values. The last counts most where several delimiters fit: `1,5;2,5;3` has three cells by
// comma too, but `5;2` is no value.

import { cellShape } from '../infer/cell-shape.ts'
import { decodeAny } from './encoding.ts'
import { cellBytes } from './cell-text.ts'
import { looksLikeHeader } from './detect-header.ts'
import { dialectBytes, type Dialect } from './scan-record.ts'
import { DelimitedSplitter } from './split-delimited.ts'

const RECORDS_MAX = 1000
/** The sample is read in pieces of this many bytes until there are enough records. */
const PIECE_BYTES = 64 * 1024
const CELLS_SCORED_MAX = 2000
/** What a reading keeps of its score if it makes no sense of how the file begins. */
const BEGINS_OTHERWISE = 0.8
const DELIMITERS = [',', ';', '\t', '|']

export interface Wishes {
  delimiter?: string | undefined
  quote?: Dialect['quote'] | undefined
  header?: boolean | undefined
}

interface SampleRecord {
  line: number
  cells: string[]
  /** For each cell, whether it was quoted. */
  quoted: boolean[]
}

interface Reading {
  dialect: Dialect
  records: SampleRecord[]
  malformed: number
}

export interface Layout {
  dialect: Dialect
  /** Cells of a record. */
  width: number
  /** The line of the header; records above it are rejected. 0: there is none. */
  headerLine: number
  /** One per column that is kept; '' where nothing is said. */
  labels: string[]
  /** Every record ends with a delimiter, so its last cell is no column. */
  dropLast: boolean
}

/** `whole`: the sample is all of the file. */
export function sniffLayout(sample: Buffer, whole: boolean, wishes: Wishes = {}): Layout {
  const readings = candidates(sample, wishes).map((dialect) => readSample(sample, whole, dialect))
  const best = readings.reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a))
  return layoutOf(best, wishes.header)
}

function candidates(sample: Buffer, wishes: Wishes): Dialect[] {
  const text = sample.toString('latin1')
  const delimiters = wishes.delimiter === undefined ? DELIMITERS : [wishes.delimiter]
  const quotes: Pick<Dialect, 'quote' | 'escape'>[] = [{ quote: '"', escape: 'double' }]
  if (text.includes('\\"')) quotes.push({ quote: '"', escape: 'backslash' })
  if (text.includes('"')) quotes.push({ quote: '', escape: 'double' })
  if (/(^|[,;\t|\n])'[^'\n]*'([,;\t|\r\n]|$)/.test(text)) quotes.push({ quote: "'", escape: 'double' })
  const allowed = wishes.quote === undefined ? quotes : [{ quote: wishes.quote, escape: 'double' as const }]
  return allowed.flatMap((quoting) => delimiters.map((delimiter) => ({ delimiter, ...quoting })))
}

function readSample(sample: Buffer, whole: boolean, dialect: Dialect): Reading {
  const reading: Reading = { dialect, records: [], malformed: 0 }
  const { quote, escape } = dialectBytes(dialect)
  const splitter = new DelimitedSplitter(dialect, 0, {
    record(bytes, _start, _end, scan, { line }) {
      const cells = Array.from({ length: scan.cells }, (_, i) => decodeAny(cellBytes(bytes, scan, i, quote, escape)))
      reading.records.push({ line, cells, quoted: cells.map((_, i) => scan.quoted[i] !== 0) })
    },
    reject: () => reading.malformed++,
  })
  for (let at = 0; at < sample.length && reading.records.length < RECORDS_MAX; at += PIECE_BYTES) {
    const end = Math.min(sample.length, at + PIECE_BYTES)
    splitter.feed(sample.subarray(at, end), end === sample.length && (whole || reading.records.length === 0))
  }
  return reading
}

function scoreOf({ records, malformed }: Reading): number {
  const width = commonWidth(records)
  const regular = records.filter(({ cells }) => cells.length === width)
  const consistency = regular.length / (records.length + malformed)
  const top = beginsWell(records, regular[0]) ? 1 : BEGINS_OTHERWISE
  return consistency * cleanliness(regular) * (width / (width + 1)) * top || 0
}

/** The first record is a header like the others, or there are titles and then a header, which is of words. */
const beginsWell = (records: readonly SampleRecord[], first: SampleRecord | undefined): boolean =>
  records[0] === first ||
  (first?.cells.every((cell) => ['text', 'boolean'].includes(cellShape(cell.trim()).kind)) ?? false)

/** The number of cells that most records have; the larger of two that are equally common. */
function commonWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  return [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0] as const)[0]
}

function cleanliness(records: readonly SampleRecord[]): number {
  let sum = 0
  let count = 0
  for (const { cells, quoted } of records) {
    if (cells.length === 1) sum += Math.min(cleanlinessOf(cells[0]!.trim(), quoted[0]!), aloneOf(cells[0]!, quoted[0]!))
    else cells.forEach((cell, i) => (sum += cleanlinessOf(cell.trim(), quoted[i]!)))
    count += cells.length
    if (count > CELLS_SCORED_MAX) break
  }
  return count === 0 ? 0 : sum / count
}

function cleanlinessOf(cell: string, quoted: boolean): number {
  if (cell === '' || quoted || cellShape(cell).kind !== 'text') return 1
  if (/^["'].*["']$/.test(cell)) return 0.2
  if (/[;\t|]/.test(cell)) return 0.1
  return cell.includes(',') ? 0.6 : 0.9
}

/** A record of one cell with a comma may be a number, and may as well be two cells. */
const aloneOf = (cell: string, quoted: boolean): number => (!quoted && cell.includes(',') ? 0.75 : 1)

function layoutOf({ dialect, records }: Reading, wished: boolean | undefined): Layout {
  const width = commonWidth(records)
  const top = topOf(records, width)
  const rows = records.slice(top + 1)
  const first = records[top]?.cells ?? []
  const header =
    wished ??
    looksLikeHeader(
      first,
      rows.map(({ cells }) => cells),
    )
  const headerLine = header ? (records[top]?.line ?? 0) : 0
  return { dialect, headerLine, ...columnsOf(header ? first : null, rows, width) }
}

/** Titles above a header have fewer cells than the table: this is the place of the first record that is no title. */
function topOf(records: readonly SampleRecord[], width: number): number {
  const regular = records.filter(({ cells }) => cells.length === width).length
  if (width < 2 || regular * 2 < records.length) return 0
  const top = records.findIndex(({ cells }) => cells.length > Math.max(1, width / 2))
  return Math.max(0, top)
}

function columnsOf(
  header: readonly string[] | null,
  rows: readonly SampleRecord[],
  common: number,
): Pick<Layout, 'width' | 'labels' | 'dropLast'> {
  const width = header === null || rows.length === 0 ? common : header.length
  const labels = header ?? Array.from({ length: width }, () => '')
  const lastEmpty = (size: number): boolean =>
    rows.every(({ cells }) => cells.length !== size || cells[size - 1]!.trim() === '')
  // `a,b,c` above `1,2,3,`: each record ends with a delimiter.
  if (header !== null && common === width + 1 && lastEmpty(common))
    return { width: common, labels: [...labels], dropLast: true }
  // `a,b,c,` above `1,2,3,` likewise; above `1,2,3` only the header does.
  if (header !== null && width > 1 && header.at(-1)!.trim() === '' && lastEmpty(width)) {
    const kept = labels.slice(0, -1)
    return common === width
      ? { width, labels: kept, dropLast: true }
      : { width: width - 1, labels: kept, dropLast: false }
  }
  // R writes the name of each row without a name for that column.
  if (header !== null && common === width + 1)
    return { width: common, labels: ['row_name', ...labels], dropLast: false }
  return { width, labels: [...labels], dropLast: false }
}

// What the child can be asked to do. One union of plain messages; each job has its own file beside this one.

import type { Progress } from '@biplane/protocol'

import type { Warning } from '../content.ts'
import type { Plain } from '../duck/plain.ts'
import type { ColumnName } from '../read/column-names.ts'
import type { RejectReason } from '../read/rejected-row.ts'
import type { Wishes } from '../read/sniff.ts'
import type { TypedColumn } from '../infer/column-type.ts'
import type { Signs } from '../infer/propose.ts'
import type { Profile } from '../profile/profile.ts'

/** Reads a file of any supported format and writes every cell as text. */
export interface LandJob {
  kind: 'land'
  scratch: string
  source: string
  wishes: Wishes & { encoding?: string | undefined }
}

export interface Landed {
  format: 'csv' | 'tsv' | 'json' | 'ndjson'
  encoding: string
  /** Of a delimited file. */
  dialect: { delimiter: string; quote: string; header: boolean } | null
  columns: ColumnName[]
  rows: { in: number; landed: number; rejected: number }
  reasons: Partial<Record<RejectReason, number>>
  /** Lines with nothing on them; they are no records. */
  blankLines: number
  /** True if some cell holds a NUL. */
  nul: boolean
  warnings: Warning[]
  /** Parquet: `_row` and the columns, all text. */
  landed: string
  /** Parquet: record, line, reason, detail, raw. */
  rejectedRows: string
}

/** Chooses a type for each column by all of its cells, and writes the typed table and the cells that did not fit. */
export interface TypeJob {
  kind: 'type'
  scratch: string
  landed: string
  columns: ColumnName[]
  rows: number
  nul: boolean
  signs: Signs
}

export interface Typed {
  columns: TypedColumn[]
  rejectedCells: number
  warnings: Warning[]
  /** Parquet: `_row` and the columns, typed. */
  typed: string
  /** Parquet: row, column, raw, reason. */
  rejected: string
}

export interface ProfileJob {
  kind: 'profile'
  scratch: string
  typed: string
  columns: TypedColumn[]
  rows: number
}

/**
 * Runs SQL of our own over Parquet files that are readable by name. A query without a file answers with at most
 * `ANSWER_ROWS_MAX` rows.
 */
export interface RunJob {
  kind: 'run'
  scratch: string
  inputs: Record<string, string>
  /** Defined over the inputs, in this order. */
  views: { name: string; sql: string }[]
  /** What it is doing, for people. */
  says: string
  queries: { name: string; sql: string; to?: string }[]
}

/** Per name, the rows of the answer, or how many were written. */
export type Ran = Record<string, { rows: Record<string, Plain>[]; written: number }>

/** Runs one SELECT of somebody else's, within bounds. */
export interface SelectJob {
  kind: 'select'
  scratch: string
  inputs: Record<string, string>
  sql: string
  rowsMax: number
  bytesMax: number
}

export interface Selected {
  columns: { name: string; type: string }[]
  rows: Plain[][]
  /** True if there was more than the bounds allow. */
  truncated: boolean
}

export type Job = LandJob | TypeJob | ProfileJob | RunJob | SelectJob

export interface Results {
  land: Landed
  type: Typed
  profile: Profile
  run: Ran
  select: Selected
}

export type ResultOf<J extends Job> = Results[J['kind']]

/** What a job may use beside its message. */
export interface JobContext {
  readonly signal: AbortSignal
  progress(progress: Progress): void
}

// Runs jobs in the test's own process, on files of a folder that is removed.

import { writeFileSync } from 'node:fs'

import { openDuck } from '../duck/open.ts'
import { allRows, type PlainRow } from '../duck/rows.ts'
import { text } from '../duck/sql.ts'
import type { Signs } from '../infer/propose.ts'
import { openScratch } from '../scratch.ts'
import type { JobContext, Landed, LandJob, Typed } from './job.ts'
import { land } from './land.ts'
import { type } from './type.ts'

export const context: JobContext = { signal: new AbortController().signal, progress: () => {} }

/** The rows of a Parquet file. */
async function readParquet(path: string, order: string, scratch: string): Promise<PlainRow[]> {
  using duck = await openDuck({ inputs: [path], scratch, signal: context.signal })
  return await allRows(duck.connection, `SELECT * FROM read_parquet(${text(path)}) ORDER BY ${order}`)
}

export interface LandedRows {
  landed: Landed
  /** Each row's number and its cells. */
  rows: unknown[][]
  rejected: PlainRow[]
}

export async function landText(file: string | Uint8Array, wishes: LandJob['wishes'] = {}): Promise<LandedRows> {
  await using scratch = await openScratch()
  writeFileSync(scratch.file('source'), file)
  const landed = await land({ kind: 'land', scratch: scratch.path, source: scratch.file('source'), wishes }, context)
  const rows = await readParquet(landed.landed, '_row', scratch.path)
  const rejected = await readParquet(landed.rejectedRows, 'record', scratch.path)
  return { landed, rows: rows.map((row) => Object.values(row)), rejected }
}

export interface TypedRows {
  typed: Typed
  rows: unknown[][]
  rejected: PlainRow[]
}

export async function typeText(
  file: string | Uint8Array,
  signs: Signs = { named: null, suggested: '.' },
): Promise<TypedRows> {
  await using scratch = await openScratch()
  writeFileSync(scratch.file('source'), file)
  const landing = { kind: 'land', scratch: scratch.path, source: scratch.file('source'), wishes: {} } as const
  const { landed, columns, rows: counts, nul } = await land(landing, context)
  const typed = await type(
    { kind: 'type', scratch: scratch.path, landed, columns, rows: counts.landed, nul, signs },
    context,
  )
  const rows = await readParquet(typed.typed, '_row', scratch.path)
  const rejected = await readParquet(typed.rejected, '"row", "column"', scratch.path)
  return { typed, rows: rows.map((row) => Object.values(row).slice(1)), rejected }
}

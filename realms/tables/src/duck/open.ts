// A database for one job: in memory, locked to the files it was given before any SQL of the job runs.
//
// The order matters. `allowed_paths` and `allowed_directories` can only be set while external access is on, and nothing
// can be set once the configuration is locked. open.test.ts attacks the result.
//
// What the lock does not give: an allowed path may be written as well as read, by a COPY that is told to use no temporary
// file. So SQL of a person's is a SELECT and nothing else (jobs/select.ts); COPY is in our own SQL alone.

import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

import { ident, list, text } from './sql.ts'

/** A job's memory: an eighth of the machine's, or of what its container may use, within these. */
const MEMORY_SHARE = 1 / 8
const MEMORY_MB_MIN = 256
const MEMORY_MB_MAX = 1024
const THREADS_MAX = 4
/** What sorting, grouping and joining may spill to disk. */
const SPILL_GB_MAX = 20

export interface DuckOptions {
  /** The only files that can be read. */
  inputs: readonly string[]
  /** The only folder that can be read and written. */
  scratch: string
  /** Interrupts what runs. */
  signal: AbortSignal
}

export interface Duck extends Disposable {
  readonly connection: DuckDBConnection
}

export async function openDuck({ inputs, scratch, signal }: DuckOptions): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb()}MB`,
    threads: String(Math.min(THREADS_MAX, availableParallelism())),
    temp_directory: join(scratch, 'spill'),
    max_temp_directory_size: `${SPILL_GB_MAX}GB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  await connection.run(`SET allowed_paths = ${list(inputs)}`)
  await connection.run(`SET allowed_directories = ${list([scratch])}`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  return {
    connection,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', interrupt)
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function memoryMb(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return Math.floor(Math.min(MEMORY_MB_MAX, Math.max(MEMORY_MB_MIN, (bytes * MEMORY_SHARE) / 2 ** 20)))
}

/** Makes a Parquet file readable under a name. */
export const viewOf = (name: string, path: string): string =>
  `CREATE VIEW ${ident(name)} AS SELECT * FROM read_parquet(${text(path)})`

/** Zstandard, because these files are kept. */
const PARQUET = 'FORMAT parquet, COMPRESSION zstd'
/** Quotes where a value needs them: an empty text, which is not nothing, is "". */
const CSV = 'FORMAT csv, HEADER'

/** Writes what a query answers, as CSV where the path ends so, else as Parquet. */
export const copyTo = (query: string, path: string): string =>
  `COPY (${query}) TO ${text(path)} (${path.endsWith('.csv') ? CSV : PARQUET})`

// A database for one job: in memory, locked to the files it was given before any SQL of the job runs.
//
// The order matters. `allowed_paths` and `allowed_directories` can only be set while external access is on, and nothing
// can be set once the configuration is locked. open.test.ts attacks the result.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

import { ident, list, text } from './sql.ts'

const MEMORY_MB = 1024
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
    memory_limit: `${MEMORY_MB}MB`,
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

/** Makes a Parquet file readable under a name. */
export const viewOf = (name: string, path: string): string =>
  `CREATE VIEW ${ident(name)} AS SELECT * FROM read_parquet(${text(path)})`

/** Writes what a query answers. Zstandard, because these files are kept. */
export const copyTo = (query: string, path: string): string =>
  `COPY (${query}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`

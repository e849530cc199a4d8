// Runs one SELECT that a person wrote: nothing but a SELECT, on nothing but the given tables, with bounds on its answer.

import { StatementType, type DuckDBConnection, type DuckDBPreparedStatement } from '@duckdb/node-api'

import { TerminalError } from '@biplane/realm'

import { openDuck, viewOf } from '../duck/open.ts'
import { cleanText, plain, type Plain } from '../duck/plain.ts'
import { isOutOfMemory } from '../child/job-error.ts'
import type { JobContext, Selected, SelectJob } from './job.ts'

const ADVICE =
  'Write one SELECT. The tables and columns are in the product’s contract; names with spaces go in double quotes.'

export async function select(job: SelectJob, { signal }: JobContext): Promise<Selected> {
  using duck = await openDuck({ inputs: Object.values(job.inputs), scratch: job.scratch, signal })
  const { connection } = duck
  for (const [name, path] of Object.entries(job.inputs)) await connection.run(viewOf(name, path))
  const statement = await prepareOne(connection, job.sql)
  return await answer(statement, job, signal)
}

/** @throws TerminalError data_mash.sql_invalid */
async function prepareOne(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (/^[\s;]*$/.test(sql)) throw invalid('There is no statement.')
  try {
    const statements = await connection.extractStatements(sql)
    if (statements.count !== 1) throw invalid(`There are ${statements.count} statements; one is taken.`)
    const statement = await statements.prepare(0)
    const { statementType: kind } = statement
    if (kind !== StatementType.SELECT) throw invalid(`The statement is ${StatementType[kind]}; only SELECT is taken.`)
    if (statement.parameterCount > 0)
      throw invalid('The statement has parameters, and there is nothing to fill them with.')
    return statement
  } catch (error) {
    throw error instanceof TerminalError ? error : invalid(messageOf(error))
  }
}

async function answer(
  statement: DuckDBPreparedStatement,
  { rowsMax, bytesMax }: SelectJob,
  signal: AbortSignal,
): Promise<Selected> {
  try {
    const result = await statement.stream()
    const columns = result
      .columnNames()
      .map((name, i) => ({ name: cleanText(name), type: String(result.columnType(i)) }))
    const rows: Plain[][] = []
    let bytes = 0
    for await (const chunk of result.yieldRows()) {
      for (const values of chunk) {
        const row = values.map(plain)
        bytes += Buffer.byteLength(JSON.stringify(row))
        if (rows.length === rowsMax || bytes > bytesMax) return { columns, rows, truncated: true }
        rows.push(row)
      }
    }
    return { columns, rows, truncated: false }
  } catch (error) {
    signal.throwIfAborted()
    // A statement that is right and too large has an error of its own (job-error.ts).
    throw isOutOfMemory(error) ? error : invalid(messageOf(error))
  }
}

const invalid = (message: string): TerminalError =>
  new TerminalError('data_mash.sql_invalid', message, { advice: ADVICE })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

// How many columns a table may have.

import { TerminalError } from '@biplane/realm'

/** What is said of all columns must fit into one entry of a log. */
export const COLUMNS_MAX = 600

/** @throws TerminalError content.too_many_columns */
export function refuseColumns(count: number): void {
  if (count <= COLUMNS_MAX) return
  const message = `The file has ${count} columns; the most is ${COLUMNS_MAX}. If names of columns are values, such as one column a day, turn them into rows.`
  throw new TerminalError('content.too_many_columns', message)
}

// What an error of SQLite asks for. Result codes: https://sqlite.org/rescode.html; the low byte is the primary one.

const ERROR = 1
const BUSY = 5
const FULL = 13
const TOOBIG = 18
const CONSTRAINT = 19
const MISMATCH = 20
const MISUSE = 21
const RANGE = 25

/** Codes that blame the command: the file is as sound as before. */
const OF_THE_COMMAND: readonly number[] = [ERROR, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE]

/** The primary result code; null if the error is not SQLite's. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

export const isBusy = (error: unknown): boolean => codeOf(error) === BUSY
export const isFull = (error: unknown): boolean => codeOf(error) === FULL

/**
 * True for all that says the file cannot be relied on (IOERR, CORRUPT, NOTADB and what is unknown). The process must stop, and
 * nothing may be tried again: after a failed fsync, Linux may report the next one as good though the data is gone.
 */
export function isFatal(error: unknown): boolean {
  const code = codeOf(error)
  return code !== null && code !== BUSY && code !== FULL && !OF_THE_COMMAND.includes(code)
}

// How a command ends that cannot do its work: a sentence for the person who can mend it, or a stack if nobody but us can.

import { fileURLToPath } from 'node:url'

import { ConfigurationError } from '../config.ts'
import { StoreLocked, StoreTooNew } from '../store/error.ts'

/** Nothing that a restart would mend: a supervisor leaves the process down. */
export const EXIT_CONFIGURATION = 2

/** `otherwise`: the exit code of what nobody but us can mend. */
export function fail(error: unknown, otherwise = 1): never {
  const known = error instanceof ConfigurationError || error instanceof StoreLocked || error instanceof StoreTooNew
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const message = taken
    ? `Port ${process.env['RUNTIME_PORT'] ?? 8000} is taken. Set RUNTIME_PORT to another, or RUNTIME_PORT=0 for any free one.`
    : known
      ? `${(error as Error).message}${placeOf((error as Error).cause)}`
      : ((error as Error).stack ?? String(error))
  process.stderr.write(`${message}\n`)
  process.exit(known || taken ? EXIT_CONFIGURATION : otherwise)
}

/** The file and line that a module failed at, if its error knows; a module that is not there is named by the message. */
function placeOf(cause: unknown): string {
  const place = cause instanceof Error ? /(file:\/\/[^\s)]+?):(\d+)/.exec(cause.stack ?? '') : null
  return place?.[1] === undefined ? '' : `\n  at ${fileURLToPath(place[1])}:${place[2]}`
}

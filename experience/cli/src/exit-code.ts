// How the command ends, for scripts. `biplane --help` lists these.

import type { BiplaneError } from '@biplane/client'
import type { Status } from '@biplane/protocol'

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  unreachable: 4,
  refused: 5,
  waitsForPerson: 6,
} as const

export const EXIT_HELP = `
Exit codes:
  0  done: accepted, or completed where it was followed
  1  the execution failed
  2  the command was not understood
  3  the execution was cancelled
  4  the gateway or the runtime cannot be reached
  5  the request was refused
  6  the execution is paused or parked: a person must look at it
`

export function exitCodeOf(status: Status): number {
  if (status === 'failed') return EXIT.failed
  if (status === 'cancelled' || status === 'superseded') return EXIT.cancelled
  if (status === 'paused' || status === 'parked') return EXIT.waitsForPerson
  return EXIT.done
}

export const exitCodeOfError = (error: BiplaneError): number => (error.status >= 500 ? EXIT.unreachable : EXIT.refused)

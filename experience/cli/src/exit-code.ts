// How the command ends, for scripts. `biplane --help` and docs/cli.md list these; a number never changes its meaning.

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
  notEnded: 7,
  notFound: 8,
  interrupted: 130,
} as const

export const EXIT_MEANS: Record<keyof typeof EXIT, string> = {
  done: 'done: completed where it was followed, accepted where it was not, answered where it was asked',
  failed: 'the execution failed',
  usage: 'the command was not understood, or a file of this machine cannot be used; nothing was sent',
  cancelled: 'the execution was cancelled, or a later intent took its place',
  unreachable: 'the gateway or the runtime cannot be reached, or cannot answer now',
  refused: 'the request was refused',
  waitsForPerson: 'the execution is paused or parked: a person must look at it',
  notEnded: 'the execution has not ended yet, or not within --wait',
  notFound: 'there is no such thing, or not in this tenant',
  interrupted: 'left by Ctrl-C; what was accepted goes on',
}

export const exitHelp = (): string => {
  const codes = Object.keys(EXIT) as (keyof typeof EXIT)[]
  const lines = codes.map((name) => `  ${String(EXIT[name]).padStart(3)}  ${EXIT_MEANS[name]}`)
  return `\nExit codes:\n${lines.join('\n')}\n`
}

export function exitCodeOf(status: Status): number {
  switch (status) {
    case 'completed':
      return EXIT.done
    case 'failed':
      return EXIT.failed
    case 'cancelled':
    case 'superseded':
      return EXIT.cancelled
    case 'paused':
    case 'parked':
      return EXIT.waitsForPerson
    case 'accepted':
    case 'running':
    case 'waiting':
    case 'compensating':
      return EXIT.notEnded
    default:
      return status satisfies never
  }
}

/** Addresses, not things, that do not exist. */
const WRONG_ADDRESS = ['not_biplane', 'route_not_found']

export function exitCodeOfError({ status, code }: BiplaneError): number {
  if (status >= 500 || code === 'not_biplane') return EXIT.unreachable
  return status === 404 && !WRONG_ADDRESS.includes(code) ? EXIT.notFound : EXIT.refused
}

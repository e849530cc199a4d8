// How much a handler may ask for and leave behind. The call that is too much throws, so its author sees which one it is; and it
// throws again in every replay, because what is counted follows from the records alone.

import { TerminalError } from '../error.ts'
import type { Note } from './port.ts'

/** Calls that a handler may wait for at once. */
export const PENDING_ASKS_MAX = 10_000
/** Calls that a handler may make in all: each leaves an entry at least. */
export const CALLS_MAX = 100_000
/** JSON text of what a handler notes between two records, which goes out in one commit. */
export const NOTED_CHARS_MAX = 16 * 1024 * 1024

export const tooManyWait = (): TerminalError =>
  new TerminalError('calls.too_many', `More than ${PENDING_ASKS_MAX} calls wait at once. Await some of them first.`)

export const tooManyCalls = (): TerminalError =>
  new TerminalError(
    'execution.too_long',
    `A handler may make ${CALLS_MAX} calls of its context. Give parts of its work to children, or go on in an intent that it ` +
      'calls detached.',
  )

export const tooMuchNoted = (name: string): TerminalError =>
  new TerminalError(
    'turn.too_large',
    `With "${name}" the handler leaves more than ${NOTED_CHARS_MAX / 1024 / 1024} MiB of events, state and chunks since it last ` +
      'awaited a call. Await one in between, or put large data into an artifact.',
  )

export const charsOf = (note: Note): number => {
  if (note.kind === 'emit') return note.data.length
  return note.kind === 'chunk' ? note.chunk.length : note.value.length
}

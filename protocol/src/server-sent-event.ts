// A stream as server-sent events (docs/protocol.md §6): what was read, and behind it where the reader stands.

import { offsetOf } from './offset.ts'

/** How long a browser's EventSource waits before it comes back; its own default is some seconds. */
export const RETRY_MS = 500
/** Said when there is nothing to say, because intermediaries close what is quiet. */
export const QUIET_COMMENT = ': \n\n'

/** Where a reader stands behind what it was told. */
export interface Standing {
  /** The place to go on from. */
  next: number
  /** Nothing more was there. */
  upToDate: boolean
  /** The stream is closed, and this was the last of it. */
  closed: boolean
}

/** `text`: of one or more lines. */
export const dataOf = (text: string): string => `event: data\n${linesOf(text)}\n\n`

export function controlOf({ next, upToDate, closed }: Standing, cursor: number): string {
  const offset = offsetOf(next)
  const control = {
    streamNextOffset: offset,
    ...(closed ? {} : { streamCursor: String(cursor) }),
    ...(upToDate ? { upToDate } : {}),
    ...(closed ? { streamClosed: true } : {}),
  }
  return `event: control\ndata:${JSON.stringify(control)}\nid: ${offset}\n\n`
}

/** A field of each line. The first space behind a colon is no part of what is said. */
function linesOf(text: string): string {
  const lines = /[\r\n]/.test(text) ? text.split(/\r\n|\r|\n/) : [text]
  return lines.map((line) => `data:${line.startsWith(' ') ? ' ' : ''}${line}`).join('\n')
}

// What people and programs can do at any surface. Each is spoken to as its own users speak to it, by addresses, messages, tools or
// commands, and all of them follow from the type alone: nothing here knows a capability by name.

import type { Event } from '@biplane/protocol'

export type Fields = Record<string, unknown>

export const TENANT = 'acme'

export interface Intent {
  type: string
  /** A `File` in it is handed over in the surface's own way. */
  payload: Fields
  /** Without one the surface sees to a new session. */
  session_id?: string
}

export interface Accepted {
  session_id: string
  execution_id: string
}

export interface Completed extends Accepted {
  result: Fields
}

/** Events of a session's log, and the place behind them. */
export interface Batch {
  events: Event[]
  offset: string
}

export interface Surface {
  readonly name: string
  /** Resolves when it is accepted. */
  submit(intent: Intent): Promise<Accepted>
  /** Submits, and waits for the end as is usual there. @throws Error if it does not complete */
  complete(intent: Intent): Promise<Completed>
  /** What happens in a session behind an offset, until the surface is gone or `left` aborts; ends or throws then. */
  read(session_id: string, offset: string, left: AbortSignal): AsyncIterable<Batch>
  approve(execution_id: string, name: string, reason: string): Promise<unknown>
  ask(type: string, payload: Fields): Promise<Fields>
}

/** The payload, with what `hand` makes of each file in the place of that. */
export async function handOver(payload: Fields, hand: (file: File) => Promise<unknown>): Promise<Fields> {
  const fields = Object.entries(payload).map(async ([field, value]) => [
    field,
    value instanceof File ? await hand(value) : value,
  ])
  return Object.fromEntries(await Promise.all(fields)) as Fields
}

/** What an answer says of an intent that was waited for. @throws Error with the whole of it if that has not completed */
export function completed(ended: Fields): Completed {
  const { status, session_id, execution_id, result } = ended
  if (status === 'completed') return { session_id, execution_id, result } as Completed
  throw new Error(`It has not completed: ${JSON.stringify(ended)}`)
}

// What people and programs can do at any surface. Each is spoken to as its own users speak to it, by addresses, messages, tools or
// commands, and all of them follow from the type alone: nothing here knows a capability by name.

import type { Event } from '@biplane/protocol'

export const TENANT = 'acme'

export interface Intent {
  type: string
  /** A `File` in it is handed over in the surface's own way. */
  payload: Record<string, unknown>
  /** Without one the surface sees to a new session. */
  session_id?: string
}

export interface Accepted {
  session_id: string
  execution_id: string
}

export interface Completed extends Accepted {
  result: Record<string, unknown>
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
  /** What happens in a session behind an offset, until the surface is gone or the reader leaves. */
  read(session_id: string, offset: string): AsyncIterable<Batch>
  approve(execution_id: string, name: string, reason: string): Promise<unknown>
  ask(type: string, payload: Record<string, unknown>): Promise<Record<string, unknown>>
}

/** Of an answer that should be an ended intent. @throws Error with the whole of it if that has not completed */
export function completed(ended: Partial<Completed> & { status?: string }): Completed {
  if (ended.status !== 'completed') throw new Error(`It has not completed: ${JSON.stringify(ended)}`)
  const { session_id = '', execution_id = '', result = {} } = ended
  return { session_id, execution_id, result }
}

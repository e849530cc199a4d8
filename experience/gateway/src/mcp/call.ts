// What one call of a tool is given.

import type { Client } from '@biplane/client'
import type { Event, SessionId } from '@biplane/protocol'

import type { Log } from '../kit/log.ts'
import type { McpLimits } from './limits.ts'
import type { Slots } from './slots.ts'

/** What all calls of the process share. */
export interface Bounds {
  slots: Slots
  limits: McpLimits
  /** Aborts when the process stops: a call then answers with what it knows. */
  stopping: AbortSignal
}

/** Where an error is found again. */
export interface Trace {
  requestId: string
  log: Pick<Log, 'error'>
}

/** To the runtime, in somebody's name. */
export interface Way {
  tenantId: string | undefined
  client: Client
  /** The same key finds the same session again. */
  newSession(key: string): Promise<SessionId>
}

/** One call of a tool. */
export interface Call {
  station: Bounds
  trace: Trace
  client: Client
  newSession: Way['newSession']
  /** Aborts when nobody would hear the answer. */
  gone: AbortSignal
  /** Why, if the client has cancelled the request by a message; null if it did not, or its connection was lost. */
  cancelReason(): string | null
  /** Tells the client of an event, if it asked for progress. */
  report(event: Event): Promise<void>
}

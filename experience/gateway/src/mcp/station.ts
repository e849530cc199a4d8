// What the tools stand on, over HTTP and over stdio alike: the runtime's catalogue, a way to the runtime in a caller's name, and
// what one call is given.

import type { Client } from '@biplane/client'
import type { Event, SessionId } from '@biplane/protocol'

import type { Log } from '../kit/log.ts'
import type { McpLimits } from './limits.ts'
import type { Slots } from './slots.ts'
import type { Tool } from './tool.ts'

/** By their names. */
export type Tools = ReadonlyMap<string, Tool>

/** One for the process. */
export interface Station {
  /** @throws ProblemError runtime_unavailable while the catalogue is not known */
  tools(): Tools
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

/** One for each connection; over HTTP, for each request. */
export interface Door {
  trace: Trace
  /** Whether a call says whose it is, in an argument `tenant_id`: not if the connection does. */
  tenantArgument: 'none' | 'optional' | 'required'
  /** `named`: that argument. @throws ProblemError, as `Identity.resolve` does */
  wayFor(named: unknown): Promise<Way>
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
  station: Station
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

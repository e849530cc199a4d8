// How a realm says what it can do. A definition is data and functions: nothing happens until a runtime runs it.

import * as z from 'zod'

import { REALM_NAME, RESERVED_FIELDS, RESERVED_REALMS, TYPE_NAME, realmOf } from '@biplane/protocol'

import type { Context, Duration, QueryContext } from './context.ts'

interface About {
  /** One line for people; the type's name if absent. */
  title?: string
  description?: string
  example?: unknown
}

/** What flow control knows of an intent. */
export interface Limited<P> {
  tenant_id: string
  session_id: string
  payload: P
}

/** How executions of an intent share what is scarce. Those that may not begin yet are `accepted`, in order. */
export interface Limit<P> {
  /** Executions with one key share a limit. Default: all of the intent do. */
  key?: (intent: Limited<P>) => string
  /** How many are at work at once. One that waits, for time, a signal or a child, does not count. */
  concurrency?: number
  /** One after the other, in the order they were accepted, each to its end. */
  serial?: boolean
  /** The higher goes first. Default 0. */
  priority?: (intent: Limited<P>) => number
}

interface IntentOptions<P extends z.ZodType, R extends z.ZodType> extends About {
  payload: P
  result: R
  /** True if some step has an undo; surfaces show it. */
  undoable?: boolean
  /** Bound on the whole execution: then it is cancelled, and ends as failed. Default: none. */
  timeout?: Duration
  limit?: Limit<z.output<P>>
  run(ctx: Context, payload: z.output<P>): Promise<z.input<R>>
}

interface QueryOptions<P extends z.ZodType, R extends z.ZodType> extends About {
  payload: P
  result: R
  /** Bound on one answer. Default 10 s. */
  timeoutMs?: number
  run(ctx: QueryContext, payload: z.output<P>): Promise<z.input<R>>
}

export interface IntentDefinition<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> extends About {
  kind: 'intent'
  type: string
  payload: P
  result: R
  undoable: boolean
  timeout?: Duration
  limit?: Limit<never>
  run(ctx: Context, payload: never): Promise<unknown>
}

export interface QueryDefinition extends About {
  kind: 'query'
  type: string
  payload: z.ZodType
  result: z.ZodType
  timeoutMs: number
  run(ctx: QueryContext, payload: never): Promise<unknown>
}

export type CapabilityDefinition = IntentDefinition | QueryDefinition

export interface Realm {
  name: string
  version: string
  capabilities: readonly CapabilityDefinition[]
}

const DEFAULT_QUERY_TIMEOUT_MS = 10_000

/** A durable capability: each accepted intent becomes one execution of `run`. */
export const intent = <P extends z.ZodType, R extends z.ZodType>(
  type: string,
  options: IntentOptions<P, R>,
): IntentDefinition<P, R> => ({ kind: 'intent', type, undoable: false, ...options })

/** A read: bounded in time and bytes, never in the log. */
export const query = <P extends z.ZodType, R extends z.ZodType>(
  type: string,
  options: QueryOptions<P, R>,
): QueryDefinition => ({ kind: 'query', type, timeoutMs: DEFAULT_QUERY_TIMEOUT_MS, ...options })

/** @throws Error naming the rule of docs/protocol.md §2 that the definition breaks */
export function defineRealm(realm: Realm): Realm {
  if (!REALM_NAME.test(realm.name)) throw new Error(`Realm name "${realm.name}" must be lower case with underscores.`)
  if (RESERVED_REALMS.includes(realm.name)) throw new Error(`Realm name "${realm.name}" is a word of the protocol.`)
  const seen = new Set<string>()
  for (const { type, payload } of realm.capabilities) {
    if (!TYPE_NAME.test(type)) throw new Error(`Type "${type}" must look like ${realm.name}.name.`)
    if (realmOf(type) !== realm.name) throw new Error(`Type "${type}" must begin with "${realm.name}.".`)
    if (seen.has(type)) throw new Error(`Type "${type}" is defined twice.`)
    seen.add(type)
    const fields = payload instanceof z.ZodObject ? Object.keys(payload.shape) : []
    const reserved = fields.find((field) => RESERVED_FIELDS.includes(field))
    if (reserved !== undefined) throw new Error(`Payload field "${reserved}" of ${type} belongs to the envelope.`)
  }
  return realm
}

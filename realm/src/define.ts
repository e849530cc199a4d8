// How a realm says what it can do. A definition is data and functions: nothing happens until a runtime runs it.

import * as z from 'zod'

import { REALM_NAME, RESERVED_FIELDS, RESERVED_REALMS, TYPE_NAME, realmOf } from '@biplane/protocol'

import type { Context, Duration, QueryContext } from './context.ts'
import { toMs } from './duration.ts'
import { type Limit, checkLimit } from './limit.ts'

interface About {
  /** One line for people; the type's name if absent. */
  title?: string
  description?: string
  example?: unknown
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

/** Keeps what it was given in its type, which is all that a typed client needs of a realm. */
export interface IntentDefinition<
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  T extends string = string,
> extends About {
  kind: 'intent'
  type: T
  payload: P
  result: R
  undoable: boolean
  timeout?: Duration
  limit?: Limit<never>
  run(ctx: Context, payload: never): Promise<unknown>
}

export interface QueryDefinition<
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  T extends string = string,
> extends About {
  kind: 'query'
  type: T
  payload: P
  result: R
  timeoutMs: number
  run(ctx: QueryContext, payload: never): Promise<unknown>
}

export type CapabilityDefinition = IntentDefinition | QueryDefinition

export interface Realm<C extends readonly CapabilityDefinition[] = readonly CapabilityDefinition[]> {
  name: string
  version: string
  capabilities: C
}

const DEFAULT_QUERY_TIMEOUT_MS = 10_000

/** A durable capability: each accepted intent becomes one execution of `run`. */
export const intent = <T extends string, P extends z.ZodType, R extends z.ZodType>(
  type: T,
  options: IntentOptions<P, R>,
): IntentDefinition<P, R, T> => ({ kind: 'intent', type, undoable: false, ...options })

/** A read: bounded in time and bytes, never in the log. */
export const query = <T extends string, P extends z.ZodType, R extends z.ZodType>(
  type: T,
  options: QueryOptions<P, R>,
): QueryDefinition<P, R, T> => ({ kind: 'query', type, timeoutMs: DEFAULT_QUERY_TIMEOUT_MS, ...options })

/** @throws Error naming the rule that the definition breaks: those of docs/protocol.md §2, and those of limits and durations */
export function defineRealm<const C extends readonly CapabilityDefinition[]>(realm: Realm<C>): Realm<C> {
  if (!REALM_NAME.test(realm.name)) throw new Error(`Realm name "${realm.name}" must be lower case with underscores.`)
  if (RESERVED_REALMS.includes(realm.name)) throw new Error(`Realm name "${realm.name}" is a word of the protocol.`)
  const seen = new Set<string>()
  for (const definition of realm.capabilities) {
    const { type, payload } = definition
    if (!TYPE_NAME.test(type)) throw new Error(`Type "${type}" must look like ${realm.name}.name.`)
    if (realmOf(type) !== realm.name) throw new Error(`Type "${type}" must begin with "${realm.name}.".`)
    if (seen.has(type)) throw new Error(`Type "${type}" is defined twice.`)
    seen.add(type)
    const fields = payload instanceof z.ZodObject ? Object.keys(payload.shape) : []
    const reserved = fields.find((field) => RESERVED_FIELDS.includes(field))
    if (reserved !== undefined) throw new Error(`Payload field "${reserved}" of ${type} belongs to the envelope.`)
    if (definition.kind === 'intent') checkBounds(definition)
  }
  return realm
}

function checkBounds({ type, timeout, limit }: IntentDefinition): void {
  const timeout_ms = timeout === undefined ? Infinity : timeoutMs(type, timeout)
  if (!limit) return
  checkLimit(type, limit)
  if (limit.debounce && toMs(limit.debounce.quiet) >= timeout_ms) {
    throw new Error(`The timeout of ${type} ends before debounce.quiet has passed: nothing of it would ever begin.`)
  }
}

function timeoutMs(type: string, timeout: Duration): number {
  try {
    return toMs(timeout)
  } catch (cause) {
    throw new Error(`The timeout of ${type}: ${(cause as Error).message}`, { cause })
  }
}

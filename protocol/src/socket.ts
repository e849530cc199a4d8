// The messages of the socket on which many logs are followed (docs/protocol.md §6).

import * as z from 'zod'

import { EVENT_KINDS, Event } from './event.ts'
import { SessionId, TenantId } from './id.ts'
import { RealmName, TypeName } from './name.ts'
import { OFFSET_DIGITS } from './offset.ts'
import { FILTER_VALUES_MAX } from './stream.ts'

/** Characters of a bearer token (docs/protocol.md §4). */
export const TOKEN_CHARS_MAX = 4_096
/** Closes a socket that nobody has proved to be allowed. */
export const CLOSED_UNAUTHENTICATED = 4401
/** Of the sockets of both planes. It changes when what was right before becomes wrong. */
export const SUBPROTOCOL = 'biplane.v1'

const Offset = z.string().max(OFFSET_DIGITS)
const several = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(FILTER_VALUES_MAX).optional()

/** Only events that fit each of these lists. */
export const StreamFilter = z.strictObject({
  type: several(TypeName),
  kind: several(z.enum(EVENT_KINDS)),
  realm: several(RealmName),
})
export type StreamFilter = z.infer<typeof StreamFilter>

/** Which stream of a socket something is of. */
const StreamOf = z.object({
  /** What the subscription calls it; else it is called by its session. */
  stream: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 printable ASCII characters')
    .optional(),
  session_id: SessionId.optional(),
})
export type StreamOf = z.infer<typeof StreamOf>

export const SocketRequest = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    /** Without a session it is all of the tenant, and has a name. */
    ...StreamOf.shape,
    tenant_id: TenantId.optional(),
    offset: Offset.optional(),
    filter: StreamFilter.optional(),
    /** Who reads this stream, if that is not who opened the socket. The stream ends with it. */
    token: z.string().min(1).max(TOKEN_CHARS_MAX).optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), ...StreamOf.shape }),
  z.strictObject({ type: z.literal('authenticate'), token: z.string().min(1).max(TOKEN_CHARS_MAX) }),
  z.strictObject({ type: z.literal('ping') }),
])
export type SocketRequest = z.infer<typeof SocketRequest>

export const SocketMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), ...StreamOf.shape, offset: Offset, event: Event }),
  z.object({ type: z.literal('caught_up'), ...StreamOf.shape, offset: Offset }),
  z.object({ type: z.literal('closed'), ...StreamOf.shape, offset: Offset }),
  /** Without `expires_at` where tokens mean nothing. */
  z.object({ type: z.literal('authenticated'), expires_at: z.iso.datetime().optional() }),
  z.object({
    type: z.literal('error'),
    ...StreamOf.shape,
    code: z.string(),
    detail: z.string(),
    /** With `offset_gone`. */
    earliest_offset: Offset.optional(),
  }),
  z.object({ type: z.literal('pong') }),
])
export type SocketMessage = z.infer<typeof SocketMessage>

/** The name by which a socket tells its streams apart; undefined if there is none. */
export const streamNameOf = ({ stream, session_id }: StreamOf): string | undefined => stream ?? session_id

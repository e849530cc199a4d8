// Reading a session's log (docs/protocol.md §6): the names on the stream, its offsets, and the messages of the socket.

import * as z from 'zod'

import { EVENT_KINDS, Event } from './event.ts'
import { SessionId, TenantId } from './id.ts'
import { RealmName, TypeName } from './name.ts'

export const STREAM_NEXT_OFFSET = 'stream-next-offset'
export const STREAM_UP_TO_DATE = 'stream-up-to-date'
export const STREAM_CLOSED = 'stream-closed'
export const STREAM_CURSOR = 'stream-cursor'

const OFFSET_DIGITS = 16
const CURSOR_CHARS_MAX = 64
/** Of one kind of filter. */
const FILTER_VALUES_MAX = 20

/** The offset behind an entry; readers treat it as opaque and sortable. */
export const offsetOf = (place: number): string => String(place).padStart(OFFSET_DIGITS, '0')

/** `-1`: from the start. `now`: only what is to come. Else an offset that a stream gave. Null if it is none of these. */
export function parseOffset(text: string): number | 'now' | null {
  if (text === '-1') return 0
  if (text === 'now') return 'now'
  return /^\d{16}$/.test(text) ? Number(text) : null
}

/** One value, or the same parameter several times. */
const several = <T extends z.ZodType>(value: T) =>
  z.union([value.transform((one) => [one]), z.array(value).max(FILTER_VALUES_MAX)]).optional()

/** What a stream may be asked for. */
export const ReadStream = z.object({
  offset: z
    .string()
    .max(OFFSET_DIGITS)
    .optional()
    .describe('`-1`: from the start. `now`: what comes. Else one that was given. Needed with `live`.'),
  live: z.enum(['long-poll', 'sse']).optional().describe('Waits for what comes, or goes on with it.'),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional().describe('The last `Stream-Cursor`.'),
  type: several(TypeName).describe('Only events of this type, or of these.'),
  kind: several(z.enum(EVENT_KINDS)).describe('Only events of this kind, or of these.'),
  realm: several(RealmName).describe('Only events of executions of this realm, or of these.'),
})
export type ReadStream = z.infer<typeof ReadStream>

/** Characters of a bearer token (docs/protocol.md §4). */
export const TOKEN_CHARS_MAX = 4_096
/** Closes a socket that nobody has proved to be allowed. */
export const CLOSED_UNAUTHENTICATED = 4401

const Offset = z.string().max(OFFSET_DIGITS)

export const SocketRequest = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    session_id: SessionId,
    tenant_id: TenantId.optional(),
    offset: Offset.optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), session_id: SessionId }),
  z.strictObject({ type: z.literal('authenticate'), token: z.string().min(1).max(TOKEN_CHARS_MAX) }),
])
export type SocketRequest = z.infer<typeof SocketRequest>

export const SocketMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), session_id: SessionId, offset: Offset, event: Event }),
  z.object({ type: z.literal('caught_up'), session_id: SessionId, offset: Offset }),
  z.object({ type: z.literal('closed'), session_id: SessionId, offset: Offset }),
  /** Without `expires_at` where tokens mean nothing. */
  z.object({ type: z.literal('authenticated'), expires_at: z.iso.datetime().optional() }),
  z.object({ type: z.literal('error'), session_id: SessionId.optional(), code: z.string(), detail: z.string() }),
])
export type SocketMessage = z.infer<typeof SocketMessage>

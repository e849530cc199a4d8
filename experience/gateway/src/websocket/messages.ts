// What is said on the socket (docs/protocol.md §10), but for the calls that only pass an answer on (calls.ts). What is read, what
// is sent and what the API document says come from these schemas alone.

import {
  AcceptedIntent,
  ArtifactRef,
  Capability,
  EndedIntent,
  ExecutionStatus,
  IdempotencyKey,
  IntentId,
  Problem,
  SessionId,
  SocketMessage,
  SocketRequest,
  TOKEN_CHARS_MAX,
  TenantId,
  TypeName,
} from '@biplane/protocol'
import * as z from 'zod'

export const SOCKET_ADDRESS = '/v1/socket'

/** One byte holds its length in a frame of an upload. */
export const RequestId = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 printable ASCII characters')
export type RequestId = z.output<typeof RequestId>

const WAIT_MS_MAX = 60_000
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w.+-]+=("[^"\\]*"|[\w.+-]+))*$/

/** Of each request; an answer brings the id back. */
export const asked = { id: RequestId, tenant_id: TenantId.optional() }
const perhapsAsked = { id: RequestId.optional() }

export const request = <const T extends string, S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape }).meta({ description })

const [subscribe, unsubscribe] = SocketRequest.options
/** Of everybody's streams on this socket: who reads is shown for the whole of it. */
const { token: _own, ...subscription } = subscribe.shape

const Hello = request('hello', 'Names the tenant that is meant where a message names none', {
  ...perhapsAsked,
  tenant_id: TenantId,
})
export const Authenticate = request('authenticate', 'Shows a token, at the beginning or to renew the last one', {
  ...perhapsAsked,
  token: z.string().min(1).max(TOKEN_CHARS_MAX),
})
const Ping = request('ping', 'Asks whether the gateway is there', perhapsAsked)
export const Submit = request('submit', 'Submits an intent', {
  ...asked,
  intent_type: TypeName,
  payload: z.unknown(),
  /** Without one a session is made, under a key that follows from the intent's. */
  session_id: SessionId.optional(),
  intent_id: IntentId.optional(),
  idempotency_key: IdempotencyKey.optional(),
  /** To be told of its end too, if it comes in time. */
  wait_ms: z.int().min(1).max(WAIT_MS_MAX).optional(),
})
export const Query = request('query', 'Asks a query', {
  ...asked,
  query_type: TypeName,
  payload: z.unknown(),
  session_id: SessionId.optional(),
})
export const Subscribe = request(
  'subscribe',
  'Follows a log from an offset: of a session, or of all that is in the tenant',
  {
    ...subscription,
    ...perhapsAsked,
  },
)
const Unsubscribe = request('unsubscribe', 'Follows a log no longer', {
  ...unsubscribe.shape,
  ...perhapsAsked,
})
export const Upload = request('upload', 'Begins an upload, whose bytes come in binary frames', {
  ...asked,
  name: ArtifactRef.shape.name,
  media_type: z.string().max(255).regex(MEDIA_TYPE, 'must look like text/csv').optional(),
  /** Bytes, if they are known: an upload that has others is refused. */
  size: ArtifactRef.shape.size,
})
const UploadEnd = request('upload_end', 'Says that an upload is whole', { id: RequestId })
const UploadCancel = request('upload_cancel', 'Gives an upload up: nothing is kept', { id: RequestId })
export const ListCapabilities = request('list_capabilities', 'What the realms can do', { id: RequestId })

export const REQUESTS = [
  Hello,
  Authenticate,
  Ping,
  Submit,
  Query,
  Subscribe,
  Unsubscribe,
  Upload,
  UploadEnd,
  UploadCancel,
  ListCapabilities,
] as const
export type Request = z.output<(typeof REQUESTS)[number]>

const answer = <const T extends string, S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z.object({ type: z.literal(type), ...shape }).meta({ description })

const [event, caughtUp, closed] = SocketMessage.options
const { type: _, ...problem } = Problem.shape

export const Welcome = answer('welcome', 'The answer to hello', { ...perhapsAsked, tenant_id: TenantId })
export const Authenticated = answer('authenticated', 'The token holds', {
  ...perhapsAsked,
  tenant_id: TenantId.optional(),
  subject: z.string().optional(),
  /** Until when, if that is known. */
  expires_at: z.iso.datetime().optional(),
})
export const Pong = answer('pong', 'The answer to ping', perhapsAsked)
export const Accepted = answer('accepted', 'An execution has begun, and that is durable', {
  id: RequestId,
  ...AcceptedIntent.shape,
})
export const Ended = answer('ended', 'The execution that was waited for has ended', {
  id: RequestId,
  ...EndedIntent.shape,
})
export const NotEnded = answer('not_ended', 'The time to wait is over and the execution is not', {
  id: RequestId,
  session_id: SessionId,
  ...ExecutionStatus.shape,
})
/** `answer` has the shape of what was asked for. */
export const Answer = answer('answer', 'The answer to a query or a call', { id: RequestId, answer: z.unknown() })
export const Stored = answer('stored', 'An upload is whole and durable; a payload may name it so', {
  id: RequestId,
  artifact: ArtifactRef,
})
export const Event = answer('event', 'An entry of a log that is followed', event.shape)
export const CaughtUp = answer('caught_up', 'The end of a log was reached; it is followed on', caughtUp.shape)
export const Closed = answer('closed', 'A session is closed, and all of its log was sent', closed.shape)
export const Failed = answer('error', 'What went wrong with one request, one stream or one upload', {
  ...perhapsAsked,
  stream: event.shape.stream,
  session_id: SessionId.optional(),
  ...problem,
  /** When to ask again, if it is known. */
  retry_after_ms: z.int().optional(),
})

export const ANSWERS = [
  Welcome,
  Authenticated,
  Pong,
  Accepted,
  Ended,
  NotEnded,
  Answer,
  Stored,
  Event,
  CaughtUp,
  Closed,
  Failed,
] as const

export const Capabilities = z.object({ capabilities: z.array(Capability) })

// Requests and answers of the Runtime's wire (docs/protocol.md §4), which the gateway relays under /v1.

import * as z from 'zod'

import { Approval, Failure } from './event.ts'
import { ExecutionId, IntentId, SessionId, TenantId } from './id.ts'
import { RealmName, TypeName } from './name.ts'
import { FINAL_STATUSES, Status } from './status.ts'

/** Idempotency keys: printable ASCII. An `intent_id` minted by the client is a key too. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/)

const Metadata = z
  .record(z.string().max(100), z.json())
  .refine((fields) => Object.keys(fields).length <= 50, 'at most 50 fields')

export const CreateSession = z.strictObject({
  tenant_id: TenantId,
  user_id: z.string().max(200).optional(),
  metadata: Metadata.optional(),
})
export type CreateSession = z.infer<typeof CreateSession>

export const SESSION_STATUSES = ['open', 'closing', 'closed'] as const

export const Session = z.object({
  session_id: SessionId,
  tenant_id: TenantId,
  user_id: z.string().optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  status: z.enum(SESSION_STATUSES),
  created_at: z.iso.datetime(),
})
export type Session = z.infer<typeof Session>

/** What `POST /session/{id}/close` and the calls that operate an execution take. */
export const Because = z.strictObject({ tenant_id: TenantId.optional(), reason: z.string().max(500).optional() })
export const Cancel = z.strictObject({ ...Because.shape, mode: z.enum(['cooperative', 'kill']).optional() })
export type Cancel = z.infer<typeof Cancel>

/** Something that an execution waits for, or will. The same `signal_id` again changes nothing. */
export const SignalExecution = z.strictObject({
  ...Because.shape,
  name: z.string().min(1).max(200),
  signal_id: IdempotencyKey.optional(),
  payload: z.unknown().optional(),
  /** The answer to an approval. */
  approved: z.boolean().optional(),
})
export type SignalExecution = z.infer<typeof SignalExecution>

/** `through` is the last call whose recorded answer the fork shares; absent: all before the first that failed for good. */
export const Fork = z.strictObject({ ...Because.shape, through: z.int().nonnegative().optional() })
export type Fork = z.infer<typeof Fork>

/** `step` is the ordinal of a step whose undo a person has done by hand; absent: the execution ends as it is. */
export const Settle = z.strictObject({ ...Because.shape, step: z.int().nonnegative().optional() })
export type Settle = z.infer<typeof Settle>

export const SubmitIntent = z.strictObject({
  intent_type: TypeName,
  realm: RealmName,
  session_id: SessionId,
  tenant_id: TenantId,
  payload: z.unknown(),
  intent_id: IntentId.optional(),
})
export type SubmitIntent = z.infer<typeof SubmitIntent>

export const AcceptedIntent = z.object({
  intent_id: IntentId,
  execution_id: ExecutionId,
  session_id: SessionId,
  status: z.literal('accepted'),
})
export type AcceptedIntent = z.infer<typeof AcceptedIntent>

/** What a submission with `Prefer: wait` is answered when its execution has ended in time. */
export const EndedIntent = AcceptedIntent.extend({
  status: z.enum(FINAL_STATUSES),
  compensated: z.boolean(),
  result: z.json().nullable(),
  error: Failure.nullable(),
  /** The execution that is done instead, if it is superseded. */
  superseded_by: ExecutionId.optional(),
})
export type EndedIntent = z.infer<typeof EndedIntent>

export const AskQuery = z.strictObject({
  query_type: TypeName,
  realm: RealmName,
  session_id: SessionId.optional(),
  tenant_id: TenantId,
  payload: z.unknown(),
})
export type AskQuery = z.infer<typeof AskQuery>

/** A step as `GET /execution/{id}` shows it, told from the log. */
export const Step = z.object({
  ordinal: z.int().nonnegative(),
  name: z.string(),
  key: z.string().optional(),
  status: z.enum(['running', 'retrying', 'completed', 'failed', 'undone', 'settled']),
  attempts: z.int().nonnegative(),
  duration_ms: z.number().optional(),
  error: Failure.optional(),
})
export type Step = z.infer<typeof Step>

export const ExecutionSummary = z.object({
  execution_id: ExecutionId,
  intent_id: IntentId,
  session_id: SessionId,
  tenant_id: TenantId,
  intent_type: TypeName,
  realm: RealmName,
  realm_version: z.string(),
  status: Status,
  compensated: z.boolean(),
  /** The execution that called it. */
  parent_id: ExecutionId.optional(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
})
export type ExecutionSummary = z.infer<typeof ExecutionSummary>

/** A child, and the call that made it. */
export const Child = z.object({
  ordinal: z.int().nonnegative(),
  execution_id: ExecutionId,
  intent_type: TypeName,
  detached: z.boolean(),
  /** Absent while it has not returned; a detached one returns nothing. */
  status: z.enum(FINAL_STATUSES).optional(),
})
export type Child = z.infer<typeof Child>

/** A signal that is waited for, and the question if it is an approval. */
export const AwaitedSignal = z.object({
  ordinal: z.int().nonnegative(),
  name: z.string(),
  until: z.iso.datetime().optional(),
  approval: Approval.optional(),
})
export type AwaitedSignal = z.infer<typeof AwaitedSignal>

export const Execution = ExecutionSummary.extend({
  payload: z.json(),
  result: z.json().nullable(),
  error: Failure.nullable(),
  /** What it waits for, in words, while it does. */
  waits_for: z.string().nullable(),
  steps: z.array(Step),
  children: z.array(Child),
  awaits: z.array(AwaitedSignal),
  retry_of: ExecutionId.optional(),
  fork_of: ExecutionId.optional(),
  superseded_by: ExecutionId.optional(),
  /** Its log is not kept any more, or only its end: what is told from that is missing here. */
  history_gone: z.literal(true).optional(),
})
export type Execution = z.infer<typeof Execution>

export const ExecutionStatus = z.object({ execution_id: ExecutionId, status: Status, compensated: z.boolean() })
export type ExecutionStatus = z.infer<typeof ExecutionStatus>

/** What a signal is answered: its id is the one given, or the one it got. */
export const Signalled = ExecutionStatus.extend({ signal_id: z.string() })
export type Signalled = z.infer<typeof Signalled>

export const StateValue = z.object({ key: z.string(), value: z.json(), revision: z.int().positive() })
export type StateValue = z.infer<typeof StateValue>

/** Lists are pages by key: pass `next` back as `after`; null is the end. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
export interface Page<T> {
  items: T[]
  next: string | null
}

/**
 * How a session stands, and the offset to follow it from: what is in here is as new as that or newer, so events behind it may tell of
 * it again. Lists are first pages, with the rest at their own addresses.
 */
export const SessionSnapshot = z.object({
  offset: z.string(),
  session: Session,
  state: page(StateValue),
  /** Newest first. */
  executions: page(ExecutionSummary),
})
export type SessionSnapshot = z.infer<typeof SessionSnapshot>

/** The same of all that is in a tenant. */
export const TenantSnapshot = SessionSnapshot.omit({ session: true }).extend({
  /** Newest first. */
  sessions: page(Session),
})
export type TenantSnapshot = z.infer<typeof TenantSnapshot>

export const MAX_PAGE = 200
export const DEFAULT_PAGE = 50

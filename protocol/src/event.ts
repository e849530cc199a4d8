// The event: an entry of a session's log as readers see it (docs/protocol.md §6). One union, discriminated by `kind` and,
// within a kind, by `type`; only `emitted` has open types, which are the realms' own. Names follow CloudEvents.

import * as z from 'zod'

import { ExecutionId, IntentId, SessionId, TenantId } from './id.ts'
import { TypeName } from './name.ts'
import { FINAL_STATUSES } from './status.ts'

export const EVENT_FORMAT = 1

/** An error as it is kept in the log and shown to readers. */
export const Failure = z.object({ code: z.string(), message: z.string() })
export type Failure = z.infer<typeof Failure>

/** Which call of a handler an entry answers: its place among the handler's calls, its name, and its key where order may vary. */
const call = { ordinal: z.int().nonnegative(), name: z.string(), key: z.string().optional() }
const attempt = z.int().positive()
const actor = { by: z.string().optional(), reason: z.string().optional() }

export const Progress = z.object({
  message: z.string().max(500).optional(),
  done: z.number().nonnegative().optional(),
  total: z.number().nonnegative().optional(),
  unit: z.string().max(40).optional(),
})
export type Progress = z.infer<typeof Progress>

const envelope = {
  format: z.literal(EVENT_FORMAT),
  id: z.string(),
  source: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  session_id: SessionId,
  seq: z.int().positive(),
}
const ofExecution = { ...envelope, execution_id: ExecutionId }

const entry = <K extends string, T extends string, E extends z.ZodRawShape, D extends z.ZodRawShape>(
  kind: K,
  type: T,
  head: E,
  data: D,
) => z.object({ kind: z.literal(kind), type: z.literal(type), ...head, data: z.object(data) })

const session = z.discriminatedUnion('type', [
  entry('session', 'session.created', envelope, {
    tenant_id: TenantId,
    user_id: z.string().optional(),
    metadata: z.record(z.string(), z.json()).optional(),
    by: z.string().optional(),
  }),
  entry('session', 'session.closing', envelope, actor),
  entry('session', 'session.closed', envelope, {}),
])

const lifecycle = z.discriminatedUnion('type', [
  entry('lifecycle', 'intent.accepted', ofExecution, {
    intent_id: IntentId,
    intent_type: TypeName,
    realm_version: z.string(),
    traceparent: z.string().optional(),
    /** The rules of replay that the execution began under. */
    replay: z.int().positive().optional(),
    /** Of a child: the call of its parent that made it. */
    parent: z.object({ execution_id: ExecutionId, ordinal: z.int().nonnegative() }).optional(),
    /** The execution that this one does again from its beginning. */
    retry_of: ExecutionId.optional(),
    /** The execution that this one goes on from, and the last entry that it shares with it. */
    fork_of: z.object({ execution_id: ExecutionId, through_seq: z.int().positive() }).optional(),
    ...actor,
  }),
  entry('lifecycle', 'execution.started', ofExecution, {}),
  entry('lifecycle', 'execution.recovered', ofExecution, { recoveries: z.int().positive() }),
  entry('lifecycle', 'execution.cancelling', ofExecution, {
    mode: z.enum(['cooperative', 'kill']),
    /** Why, if nobody asked for it: its time was up. Then it ends as failed. */
    error: Failure.optional(),
    ...actor,
  }),
  /** With an error if the execution stopped by itself, else by a person. */
  entry('lifecycle', 'execution.paused', ofExecution, { error: Failure.optional(), ...actor }),
  entry('lifecycle', 'execution.continued', ofExecution, actor),
  entry('lifecycle', 'execution.parked', ofExecution, { error: Failure }),
  entry('lifecycle', 'execution.completed', ofExecution, { result: z.json() }),
  entry('lifecycle', 'execution.failed', ofExecution, { error: Failure, compensated: z.boolean(), ...actor }),
  entry('lifecycle', 'execution.cancelled', ofExecution, { compensated: z.boolean(), ...actor }),
  /** A later one of its key was accepted before it began, and is done instead. */
  entry('lifecycle', 'execution.superseded', ofExecution, { superseded_by: ExecutionId }),
])

const step = z.discriminatedUnion('type', [
  entry('step', 'step.started', ofExecution, { ...call, attempt }),
  entry('step', 'step.completed', ofExecution, { ...call, attempt, duration_ms: z.number().nonnegative() }),
  entry('step', 'step.failed', ofExecution, {
    ...call,
    attempt,
    error: Failure,
    final: z.boolean(),
    retry_at: z.iso.datetime().optional(),
  }),
])

const timer = z.discriminatedUnion('type', [
  entry('timer', 'execution.waiting', ofExecution, { ...call, until: z.iso.datetime() }),
  entry('timer', 'execution.resumed', ofExecution, call),
])

const state = z.discriminatedUnion('type', [
  entry('state', 'state.read', ofExecution, { ...call, scope: z.enum(['session', 'tenant']) }),
  entry('state', 'state.changed', ofExecution, {
    ...call,
    scope: z.enum(['session', 'tenant']),
    /** Of a compare-and-set; a plain write takes whatever comes next. */
    revision: z.int().positive().optional(),
  }),
  entry('state', 'state.refused', ofExecution, {
    ...call,
    scope: z.enum(['session', 'tenant']),
    revision: z.int().nonnegative(),
  }),
])

const saga = z.discriminatedUnion('type', [
  entry('saga', 'saga.compensating', ofExecution, { error: Failure }),
  entry('saga', 'saga.step_undone', ofExecution, call),
  entry('saga', 'saga.undo_failed', ofExecution, { ...call, attempt, error: Failure, final: z.boolean() }),
  /** An operator has seen to it by hand: its undo counts as done. */
  entry('saga', 'saga.step_settled', ofExecution, { ...call, ...actor }),
])

/** What a person is asked to decide. */
export const Approval = z.object({ assignee: z.string().max(200).optional(), title: z.string().max(500).optional() })
export type Approval = z.infer<typeof Approval>

const signal = z.discriminatedUnion('type', [
  /** It may come before anything waits for it, and then it is kept. */
  entry('signal', 'signal.received', ofExecution, {
    name: z.string(),
    signal_id: z.string(),
    approved: z.boolean().optional(),
    ...actor,
  }),
  entry('signal', 'signal.awaited', ofExecution, {
    ...call,
    until: z.iso.datetime().optional(),
    approval: Approval.optional(),
  }),
  entry('signal', 'signal.taken', ofExecution, {
    ...call,
    signal_id: z.string(),
    approved: z.boolean().optional(),
    ...actor,
  }),
  entry('signal', 'signal.expired', ofExecution, call),
])

const child = z.discriminatedUnion('type', [
  entry('child', 'child.called', ofExecution, {
    ...call,
    child_execution_id: ExecutionId,
    detached: z.boolean(),
  }),
  /** Without a child if it was never accepted. */
  entry('child', 'child.returned', ofExecution, {
    ...call,
    child_execution_id: ExecutionId.optional(),
    status: z.enum(FINAL_STATUSES),
    error: Failure.optional(),
  }),
])

/**
 * A piece of a stream: what the stream is from `index` on, in place of whatever was there. So another attempt of the step that
 * writes it, or the same one after a restart, begins again at 0.
 */
const stream = entry('stream', 'stream.chunk', ofExecution, {
  ...call,
  stream: z.string(),
  attempt: attempt.optional(),
  /** Of the first chunk, counted from 0 in its stream. */
  index: z.int().nonnegative(),
  chunks: z.array(z.json()),
})

const progress = entry('progress', 'execution.progress', ofExecution, {
  step: z.string().optional(),
  ...Progress.shape,
})

/** A realm's own event, such as `content.parsed`. */
const emitted = z.object({
  kind: z.literal('emitted'),
  type: TypeName,
  ...ofExecution,
  data: z.json(),
})

export const Event = z.discriminatedUnion('kind', [
  session,
  lifecycle,
  step,
  timer,
  state,
  saga,
  signal,
  child,
  stream,
  progress,
  emitted,
])
export type Event = z.infer<typeof Event>

export type EventKind = Event['kind']

const KINDS: Record<EventKind, true> = {
  session: true,
  lifecycle: true,
  step: true,
  timer: true,
  state: true,
  saga: true,
  signal: true,
  child: true,
  stream: true,
  progress: true,
  emitted: true,
}
export const EVENT_KINDS = Object.keys(KINDS) as EventKind[]
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>

// The calls of the runtime's wire that are served under /v1 too (docs/protocol.md §4). A list, not an open door: what is not
// here does not cross.

import {
  AcceptedIntent,
  AskQuery,
  Because,
  Cancel,
  Catalogue,
  CreateSession,
  Execution,
  ExecutionStatus,
  ExecutionSummary,
  Fork,
  MAX_PAGE,
  type ProblemCode,
  ReadStream,
  Session,
  SessionId,
  SessionSnapshot,
  Settle,
  SignalExecution,
  Signalled,
  StateValue,
  Status,
  StoredArtifact,
  SubmitIntent,
  TenantSnapshot,
  TypeName,
  page,
} from '@biplane/protocol'
import * as z from 'zod'

export interface WireCall {
  /**
   * How it crosses. `public` and `read`: by its address, the first without naming a caller. `live`: as `read`, but its answer
   * may never end. `json`: with a body. `keyed`: with a body and a key, so that a
   * lost answer can be asked for again. `bytes`: with a stream.
   */
  kind: 'public' | 'read' | 'live' | 'json' | 'keyed' | 'bytes'
  summary: string
  /** Default 200. */
  status?: 201 | 202
  query?: z.ZodObject
  takes?: z.ZodType
  /** Whether its outcome can be waited for. */
  waits?: true
  /** Absent where the answer is a realm's, a stream or bytes. */
  gives?: z.ZodType
  /** Why it may be refused, beside what holds for all of its kind. */
  refuses?: readonly ProblemCode[]
}

const Paged = z.object({
  after: z.string().max(200).optional().describe('The `next` of the page before.'),
  limit: z.int().min(1).max(MAX_PAGE).optional().describe('How many at most. Default 50.'),
})
const ListState = Paged.extend({ prefix: z.string().max(500).optional().describe('What the keys begin with.') })
const ListExecutions = Paged.extend({
  session_id: SessionId.optional(),
  status: Status.optional(),
  intent_type: TypeName.optional(),
})

/** An execution that is operated: what it may have become meanwhile. */
const operated = (...refuses: ProblemCode[]): Pick<WireCall, 'status' | 'refuses'> => ({
  status: 202,
  refuses: ['execution_not_found', 'execution_final', ...refuses],
})

export const WIRE: Record<string, WireCall> = {
  '/capabilities': { kind: 'public', summary: 'The catalogue', gives: Catalogue },
  '/session': { kind: 'read', summary: 'Sessions, newest first', query: Paged, gives: page(Session) },
  '/session/create': {
    kind: 'keyed',
    summary: 'Make a session',
    status: 201,
    takes: CreateSession,
    gives: z.object({ session: Session }),
    refuses: ['quota_exceeded'],
  },
  '/session/:session_id': { kind: 'read', summary: 'A session', gives: z.object({ session: Session }) },
  '/session/:session_id/close': {
    kind: 'json',
    summary: 'Close a session: it takes no more intents',
    takes: Because,
    gives: z.object({ session: Session }),
  },
  '/session/:session_id/events': {
    kind: 'live',
    summary: 'The log of a session',
    query: ReadStream,
    refuses: ['offset_invalid', 'offset_gone'],
  },
  '/session/:session_id/snapshot': {
    kind: 'read',
    summary: 'How a session stands, and the offset to follow it from',
    gives: SessionSnapshot,
  },
  '/session/:session_id/state': {
    kind: 'read',
    summary: 'The facts of a session',
    query: ListState,
    gives: page(StateValue),
  },
  '/session/:session_id/state/*': {
    kind: 'read',
    summary: 'One fact of a session',
    gives: StateValue,
    refuses: ['state_not_found'],
  },
  '/tenant/:tenant_id/events': {
    kind: 'live',
    summary: 'Everything in a tenant',
    query: ReadStream,
    refuses: ['offset_invalid', 'offset_gone'],
  },
  '/tenant/:tenant_id/snapshot': {
    kind: 'read',
    summary: 'How a tenant stands, and the offset to follow it from',
    gives: TenantSnapshot,
  },
  '/tenant/:tenant_id/state': {
    kind: 'read',
    summary: 'The facts of a tenant',
    query: ListState,
    gives: page(StateValue),
  },
  '/tenant/:tenant_id/state/*': {
    kind: 'read',
    summary: 'One fact of a tenant',
    gives: StateValue,
    refuses: ['state_not_found'],
  },
  '/intent/submit': {
    kind: 'keyed',
    summary: 'Submit an intent',
    status: 202,
    takes: SubmitIntent,
    waits: true,
    gives: AcceptedIntent,
    refuses: [
      'session_closed',
      'intent_type_unknown',
      'realm_mismatch',
      'payload_invalid',
      'artifact_not_found',
      'quota_exceeded',
    ],
  },
  '/query': {
    kind: 'json',
    summary: 'Ask a query',
    takes: AskQuery,
    refuses: ['query_type_unknown', 'realm_mismatch', 'payload_invalid', 'query_timeout', 'answer_too_large'],
  },
  '/execution': {
    kind: 'read',
    summary: 'Executions, newest first',
    query: ListExecutions,
    gives: page(ExecutionSummary),
  },
  '/execution/:execution_id': {
    kind: 'read',
    summary: 'An execution with its steps',
    gives: z.object({ execution: Execution }),
    refuses: ['execution_not_found'],
  },
  '/execution/:execution_id/status': {
    kind: 'read',
    summary: 'How an execution stands',
    gives: ExecutionStatus,
    refuses: ['execution_not_found'],
  },
  '/execution/:execution_id/cancel': {
    kind: 'json',
    summary: 'Cancel an execution',
    takes: Cancel,
    gives: ExecutionStatus,
    ...operated(),
  },
  '/execution/:execution_id/pause': {
    kind: 'json',
    summary: 'Pause an execution',
    takes: Because,
    gives: ExecutionStatus,
    ...operated('execution_compensating'),
  },
  '/execution/:execution_id/resume': {
    kind: 'json',
    summary: 'Let a paused execution go on, or try a parked one again',
    takes: Because,
    gives: ExecutionStatus,
    ...operated(),
  },
  '/execution/:execution_id/settle': {
    kind: 'json',
    summary: 'Settle a parked execution by hand',
    takes: Settle,
    gives: ExecutionStatus,
    ...operated('execution_not_parked', 'undo_unknown'),
  },
  '/execution/:execution_id/retry': {
    kind: 'keyed',
    summary: 'Do an ended execution again from its beginning',
    takes: Because,
    gives: AcceptedIntent,
    ...operated(
      'execution_not_final',
      'history_gone',
      'session_closed',
      'intent_type_unknown',
      'payload_invalid',
      'quota_exceeded',
    ),
  },
  '/execution/:execution_id/fork': {
    kind: 'keyed',
    summary: 'Go on from an answer of an ended execution',
    takes: Fork,
    gives: AcceptedIntent,
    ...operated(
      'execution_not_final',
      'history_gone',
      'session_closed',
      'intent_type_unknown',
      'fork_point_unknown',
      'quota_exceeded',
    ),
  },
  '/execution/:execution_id/signal': {
    kind: 'keyed',
    summary: 'Send a signal, or decide an approval',
    takes: SignalExecution,
    gives: Signalled,
    ...operated('approval_decided', 'signals_too_many'),
  },
  '/artifact': {
    kind: 'bytes',
    summary: 'Store bytes',
    status: 201,
    gives: StoredArtifact,
    refuses: ['body_too_large', 'upload_incomplete', 'quota_exceeded', 'artifact_not_found'],
  },
  '/artifact/:artifact_id': {
    kind: 'read',
    summary: 'The bytes of an artifact',
    refuses: ['artifact_not_found', 'range_invalid'],
  },
}

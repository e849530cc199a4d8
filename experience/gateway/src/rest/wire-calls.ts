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
  Session,
  Settle,
  SignalExecution,
  Signalled,
  StateValue,
  StoredArtifact,
  SubmitIntent,
  page,
} from '@biplane/protocol'
import * as z from 'zod'

export interface WireCall {
  /**
   * How it crosses. `public` and `read`: by its address, the first without naming a caller. `live`: as `read`, but its answer
   * may never end, so there is no asking for its head alone. `json`: with a body. `keyed`: with a body and a key, so that a
   * lost answer can be asked for again. `bytes`: with a stream.
   */
  kind: 'public' | 'read' | 'live' | 'json' | 'keyed' | 'bytes'
  summary: string
  takes?: z.ZodType
  /** Absent where the answer is a realm's, a stream or bytes. */
  gives?: z.ZodType
}

export const WIRE: Record<string, WireCall> = {
  '/capabilities': { kind: 'public', summary: 'The catalogue', gives: Catalogue },
  '/session': { kind: 'read', summary: 'Sessions, newest first', gives: page(Session) },
  '/session/create': {
    kind: 'keyed',
    summary: 'Make a session',
    takes: CreateSession,
    gives: z.object({ session: Session }),
  },
  '/session/:session_id': { kind: 'read', summary: 'A session', gives: z.object({ session: Session }) },
  '/session/:session_id/close': {
    kind: 'json',
    summary: 'Close a session: it takes no more intents',
    takes: Because,
    gives: z.object({ session: Session }),
  },
  '/session/:session_id/events': { kind: 'live', summary: 'The log of a session, by ?offset= and ?live=' },
  '/session/:session_id/state': { kind: 'read', summary: 'The facts of a session', gives: page(StateValue) },
  '/session/:session_id/state/*': { kind: 'read', summary: 'One fact of a session', gives: StateValue },
  '/tenant/:tenant_id/state': { kind: 'read', summary: 'The facts of a tenant', gives: page(StateValue) },
  '/tenant/:tenant_id/state/*': { kind: 'read', summary: 'One fact of a tenant', gives: StateValue },
  '/intent/submit': { kind: 'keyed', summary: 'Submit an intent', takes: SubmitIntent, gives: AcceptedIntent },
  '/query': { kind: 'json', summary: 'Ask a query', takes: AskQuery },
  '/execution': { kind: 'read', summary: 'Executions, newest first', gives: page(ExecutionSummary) },
  '/execution/:execution_id': {
    kind: 'read',
    summary: 'An execution with its steps',
    gives: z.object({ execution: Execution }),
  },
  '/execution/:execution_id/status': { kind: 'read', summary: 'How an execution stands', gives: ExecutionStatus },
  '/execution/:execution_id/cancel': {
    kind: 'json',
    summary: 'Cancel an execution',
    takes: Cancel,
    gives: ExecutionStatus,
  },
  '/execution/:execution_id/pause': {
    kind: 'json',
    summary: 'Pause an execution',
    takes: Because,
    gives: ExecutionStatus,
  },
  '/execution/:execution_id/resume': {
    kind: 'json',
    summary: 'Let a paused execution go on, or try a parked one again',
    takes: Because,
    gives: ExecutionStatus,
  },
  '/execution/:execution_id/settle': {
    kind: 'json',
    summary: 'Settle a parked execution by hand',
    takes: Settle,
    gives: ExecutionStatus,
  },
  '/execution/:execution_id/retry': {
    kind: 'keyed',
    summary: 'Do an ended execution again from its beginning',
    takes: Because,
    gives: AcceptedIntent,
  },
  '/execution/:execution_id/fork': {
    kind: 'keyed',
    summary: 'Go on from an answer of an ended execution',
    takes: Fork,
    gives: AcceptedIntent,
  },
  '/execution/:execution_id/signal': {
    kind: 'keyed',
    summary: 'Send a signal, or decide an approval',
    takes: SignalExecution,
    gives: Signalled,
  },
  '/artifact': { kind: 'bytes', summary: 'Store bytes', gives: StoredArtifact },
  '/artifact/:artifact_id': { kind: 'read', summary: 'The bytes of an artifact' },
}

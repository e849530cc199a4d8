// The one door into a runtime, for browsers and Node. It speaks one dialect to a runtime (`…/api`) and to a gateway (`…/v1`).

import { artifactCalls } from './artifacts.ts'
import { catalogueCalls } from './catalogue.ts'
import { executionCalls } from './executions.ts'
import { type FollowOptions, type Followed, follow } from './follow.ts'
import { type IntentCalls, intentCalls } from './intents.ts'
import { operateCalls } from './operate.ts'
import { awaitResult } from './result.ts'
import { sessionCalls } from './sessions.ts'
import { type Batch, readBatch } from './stream.ts'
import { tokenCalls } from './tokens.ts'
import { type CallOptions, type ClientOptions, createTransport } from './transport.ts'
import type { AnyResult, EndedExecution, ExecutionIdOf, RealmTypes } from './typed.ts'

type Calls = ReturnType<typeof sessionCalls> &
  ReturnType<typeof executionCalls> &
  ReturnType<typeof operateCalls> &
  ReturnType<typeof artifactCalls> &
  ReturnType<typeof tokenCalls> &
  ReturnType<typeof catalogueCalls>

interface LogCalls {
  /** What is in the log behind `offset` (default: its start) now, at most 1,000 events, and where to go on. */
  events(sessionId: string, from?: { offset?: string } & CallOptions): Promise<Batch>
  /** The events of a session, in order, until its stream is closed; survives whatever lies between. */
  follow(sessionId: string, how?: FollowOptions): AsyncGenerator<Followed, void, undefined>
  /** The execution when it has ended, however it ended. */
  result<T = AnyResult>(executionId: ExecutionIdOf<T>, call?: CallOptions): Promise<EndedExecution<T>>
  result(executionId: string, call?: CallOptions): Promise<EndedExecution>
}

export type Client<R extends RealmTypes = RealmTypes> = Calls & LogCalls & IntentCalls<R>

/**
 * Opens no connection by itself, and holds nothing that must be closed. With the types of realms, as in
 * `createClient<typeof orders>(…)`, what is submitted and asked is checked by the compiler.
 */
export function createClient<R extends RealmTypes = RealmTypes>(options: ClientOptions): Client<R> {
  const transport = createTransport(options)
  const executions = executionCalls(transport)
  const client: Client = {
    ...sessionCalls(transport),
    ...intentCalls(transport),
    ...executions,
    ...operateCalls(transport),
    ...artifactCalls(transport),
    ...tokenCalls(transport),
    ...catalogueCalls(transport),
    events: (sessionId, { offset = '-1', signal } = {}) => readBatch(transport, { sessionId, offset, signal }),
    follow: (sessionId, how) => follow(transport, sessionId, how),
    result: (executionId: string, call: CallOptions = {}) => awaitResult(transport, executions, executionId, call),
  }
  // The types of realms are known to the compiler alone: the calls are the same ones.
  return client as Client<R>
}

export type { ArtifactBytes, ArtifactSource, GetArtifact, PutArtifact } from './artifacts.ts'
export type { StateOwner, VersionedCatalogue } from './catalogue.ts'
export { type Backoff, backoffMs, pause } from './backoff.ts'
export { BiplaneError } from './error.ts'
export type { ExecutionFilter } from './executions.ts'
export type { Followed, FollowOptions } from './follow.ts'
export { mintIntentId } from './intents.ts'
export type { NewIntent, NewQuery, QueryOptions, SubmitOptions } from './intents.ts'
export type {
  AgainOptions,
  Because,
  CancelOptions,
  Decision,
  ForkOptions,
  SentSignal,
  SettleOptions,
} from './operate.ts'
export type { NewSession, PageOptions } from './sessions.ts'
export type { Batch, Live } from './stream.ts'
export type { IssuedToken, NewToken } from './tokens.ts'
export type { CallOptions, ClientOptions } from './transport.ts'
export type {
  EndedExecution,
  ExecutionIdOf,
  IntentType,
  PayloadOf,
  QueryType,
  RealmTypes,
  ResultOf,
  Submitted,
} from './typed.ts'

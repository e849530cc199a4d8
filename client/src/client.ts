// The one door into a runtime, for browsers and Node. It speaks one dialect to a runtime (`…/api`) and to a gateway (`…/v1`).

import { artifactCalls } from './artifacts.ts'
import { catalogueCalls } from './catalogue.ts'
import { executionCalls } from './executions.ts'
import { type IntentCalls, intentCalls } from './intents.ts'
import { Live } from './live/live.ts'
import { surroundingsHere } from './surroundings.ts'
import { type LogCalls, logCalls } from './log-calls.ts'
import { operateCalls } from './operate.ts'
import { sessionCalls } from './sessions.ts'
import { tokenCalls } from './tokens.ts'
import { type ClientOptions, createTransport } from './transport.ts'
import type { RealmTypes } from './typed.ts'

type Calls = ReturnType<typeof sessionCalls> &
  ReturnType<typeof executionCalls> &
  ReturnType<typeof operateCalls> &
  ReturnType<typeof artifactCalls> &
  ReturnType<typeof tokenCalls> &
  ReturnType<typeof catalogueCalls>

export type Client<R extends RealmTypes = RealmTypes> = Calls & LogCalls<R> & IntentCalls<R>

/**
 * Opens no connection by itself, and holds none that nobody follows by. With the types of realms, as in
 * `createClient<typeof orders>(…)`, what is submitted and asked is checked by the compiler.
 */
export function createClient<R extends RealmTypes = RealmTypes>(options: ClientOptions): Client<R> {
  const transport = createTransport(options)
  const live = new Live(transport, options.surroundings ?? surroundingsHere(), options.share)
  const executions = executionCalls(transport)
  const client = {
    ...sessionCalls(transport),
    ...intentCalls(transport),
    ...executions,
    ...operateCalls(transport),
    ...artifactCalls(transport),
    ...tokenCalls(transport),
    ...catalogueCalls(transport),
    ...logCalls({ transport, live }, executions),
  }
  // The types of realms are known to the compiler alone: the calls are the same ones.
  return client as unknown as Client<R>
}

export type { ArtifactBytes, ArtifactSource, GetArtifact, PutArtifact } from './artifacts.ts'
export type { StateOwner, VersionedCatalogue } from './catalogue.ts'
export { type Backoff, backoffMs, pause } from './backoff.ts'
export { BiplaneError } from './error.ts'
export type { ExecutionFilter } from './executions.ts'
export type { FollowOptions } from './follow.ts'
export { type ExecutionSoFar, foldExecution } from './fold-execution.ts'
export type { StreamSoFar } from './fold-streams.ts'
export type { EventFilter, Followed } from './log.ts'
export type { Batch } from './log-calls.ts'
export { mintIntentId } from './intents.ts'
export type { NewIntent, NewQuery, QueryOptions, SubmitOptions } from './intents.ts'
export type { StreamPart } from './chunk-stream.ts'
export type { Change, Channel, Locks, OpenSocket, SocketEars, Surroundings } from './surroundings.ts'
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
export type { FollowStatus } from './status.ts'
export type { Way } from './stream.ts'
export type { IssuedToken, NewToken } from './tokens.ts'
export type { CallOptions, ClientOptions } from './transport.ts'
export type {
  EndedExecution,
  EventFitting,
  EventIn,
  ExecutionIdOf,
  IntentType,
  PayloadOf,
  QueryType,
  RealmTypes,
  ResultOf,
  Submitted,
} from './typed.ts'
export type { Store, Watched } from './watch.ts'

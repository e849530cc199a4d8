// The one door into a runtime, for browsers and Node. It speaks one dialect to a runtime (`…/api`) and to a gateway (`…/v1`).

import type { Execution } from '@biplane/protocol'

import { artifactCalls } from './artifacts.ts'
import { catalogueCalls } from './catalogue.ts'
import { executionCalls } from './executions.ts'
import { type FollowOptions, follow } from './follow.ts'
import { intentCalls } from './intents.ts'
import { operateCalls } from './operate.ts'
import { awaitResult } from './result.ts'
import { sessionCalls } from './sessions.ts'
import { type CallOptions, type ClientOptions, createTransport } from './transport.ts'

export type Client = ReturnType<typeof createClient>

/** Opens no connection by itself, and holds nothing that must be closed. */
export function createClient(options: ClientOptions) {
  const transport = createTransport(options)
  const executions = executionCalls(transport)
  return {
    ...sessionCalls(transport),
    ...intentCalls(transport),
    ...executions,
    ...operateCalls(transport),
    ...artifactCalls(transport),
    ...catalogueCalls(transport),
    /** The events of a session, in order, until its stream is closed; survives whatever lies between. */
    follow: (sessionId: string, how?: FollowOptions) => follow(transport, sessionId, how),
    /** The execution when it has ended, however it ended. */
    result: (executionId: string, call: CallOptions = {}): Promise<Execution> =>
      awaitResult(transport, executions, executionId, call),
  }
}

export type { ArtifactBytes, ArtifactSource, GetArtifact, PutArtifact } from './artifacts.ts'
export type { StateOwner, VersionedCatalogue } from './catalogue.ts'
export { type Backoff, backoffMs, pause } from './backoff.ts'
export { BiplaneError } from './error.ts'
export type { ExecutionFilter } from './executions.ts'
export type { Followed, FollowOptions } from './follow.ts'
export { mintIntentId } from './intents.ts'
export type { NewIntent, NewQuery, Submitted } from './intents.ts'
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
export type { Live } from './stream.ts'
export type { CallOptions, ClientOptions } from './transport.ts'

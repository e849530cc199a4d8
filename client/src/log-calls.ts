// What a client reads of logs: by itself, as a store for a user interface, one execution, one stream.

import type { Event } from '@biplane/protocol'

import { type StreamPart, chunkStream } from './chunk-stream.ts'
import type { executionCalls } from './executions.ts'
import { type FollowOptions, type Followed, type Reading, follow, followBatches } from './follow.ts'
import { type ExecutionSoFar, foldExecution } from './fold-execution.ts'
import { awaitResult } from './result.ts'
import { type Batch, readBatch } from './stream.ts'
import type { CallOptions } from './transport.ts'
import type { AnyResult, EndedExecution, EventIn, ExecutionIdOf, RealmTypes } from './typed.ts'
import { type Store, Stores, type Watched, createStore } from './watch.ts'

/** A store keeps the last ones. */
const EVENTS_KEPT_MAX = 10_000

export interface LogCalls<R extends RealmTypes> {
  /** What is in the log behind `offset` (default: its start) now, at most 1,000 events, and where to go on. */
  events(sessionId: string, from?: { offset?: string } & CallOptions): Promise<Batch>
  /** The events of a session, in order, until its stream is closed; survives whatever lies between. */
  follow(sessionId: string, how?: FollowOptions): AsyncGenerator<Followed<EventIn<R>>, void, undefined>
  /** The same as a store, on the line that all share: its `value` is the last 10,000 events. Of one session it is the same store, as long as anybody has it. */
  watch(sessionId: string): Store<Watched<readonly EventIn<R>[]>>
  /** An execution as its events tell it; `value` is null until its first one has come. */
  watchExecution<T = AnyResult>(executionId: ExecutionIdOf<T>): Store<Watched<ExecutionSoFar<T> | null>>
  watchExecution(executionId: string): Store<Watched<ExecutionSoFar | null>>
  /** What an execution says piece by piece: first all that it has said so far, then what comes, until it ends. */
  stream(executionId: string, of?: { name?: string } & CallOptions): AsyncGenerator<StreamPart, void, undefined>
  /** The execution when it has ended, however it ended. */
  result<T = AnyResult>(executionId: ExecutionIdOf<T>, call?: CallOptions): Promise<EndedExecution<T>>
  result(executionId: string, call?: CallOptions): Promise<EndedExecution>
}

export function logCalls(reading: Reading, executions: ReturnType<typeof executionCalls>): LogCalls<RealmTypes> {
  const stores = new Stores()

  const batchesOf = (executionId: string, how: FollowOptions) =>
    followBatches(
      reading,
      async () => (await executions.execution(executionId, { signal: how.signal })).session_id,
      how,
    )

  return {
    events: (sessionId, { offset = '-1', signal } = {}) => readBatch(reading.transport, { sessionId, offset, signal }),
    follow: (sessionId, how) => follow(reading, sessionId, how),
    watch: (sessionId) =>
      stores.get(sessionId, () =>
        createStore<readonly Event[]>([], keepLast, (how) =>
          followBatches(reading, sessionId, { ...how, live: 'shared' }),
        ),
      ),
    watchExecution: (executionId: string) =>
      stores.get(executionId, () =>
        createStore<ExecutionSoFar | null>(
          null,
          (value, events) => events.reduce((so, { event }) => foldExecution(so, event, executionId), value),
          (how) => batchesOf(executionId, { ...how, live: 'shared' }),
        ),
      ),
    stream: (executionId, { name, signal } = {}) => chunkStream(batchesOf(executionId, { signal }), executionId, name),
    result: (executionId: string, call: CallOptions = {}) => awaitResult(reading, executions, executionId, call),
  }
}

const keepLast = (events: readonly Event[], next: readonly Followed[]): readonly Event[] =>
  next.length === 0 ? events : [...events, ...next.map(({ event }) => event)].slice(-EVENTS_KEPT_MAX)

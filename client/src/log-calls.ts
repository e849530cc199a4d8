// What a client reads of logs: by itself, as a store for a user interface, one execution, one stream.

import type { Event } from '@biplane/protocol'

import { type StreamPart, chunkStream } from './chunk-stream.ts'
import type { executionCalls } from './executions.ts'
import { type FollowOptions, type Reading, follow, followBatches } from './follow.ts'
import { type ExecutionSoFar, foldExecution } from './fold-execution.ts'
import { type EventFilter, type Followed, type Log, logOf } from './log.ts'
import { awaitResult } from './result.ts'
import { type Part, readPart } from './stream.ts'
import type { CallOptions } from './transport.ts'
import type { AnyResult, EndedExecution, EventFitting, ExecutionIdOf, RealmTypes } from './typed.ts'
import { type Store, Stores, type Watched, createStore } from './watch.ts'

/** A store keeps the last ones. */
const EVENTS_KEPT_MAX = 10_000

/** Some of a log. */
export interface Batch extends Omit<Part, 'events' | 'tail' | 'down'> {
  events: Event[]
}

type Following<R extends RealmTypes, F> = AsyncGenerator<Followed<EventFitting<R, F>>, void, undefined>
type EventStore<R extends RealmTypes, F> = Store<Watched<readonly EventFitting<R, F>[]>>

export interface LogCalls<R extends RealmTypes> {
  /** What is in the log behind `offset` (default: its start) now, at most 1,000 events, and where to go on. */
  events(sessionId: string, from?: { offset?: string; filter?: EventFilter } & CallOptions): Promise<Batch>
  /** The events of a session, in order, until its stream is closed; survives whatever lies between. */
  follow<const F extends EventFilter>(sessionId: string, how?: FollowOptions<F>): Following<R, F>
  /**
   * The events of everything in the tenant, in the order of commits, until whoever reads leaves; else as `follow`. Offsets are the
   * tenant's own. The client needs its `tenantId`, and a token that is bound to a session reads none of it.
   */
  followTenant<const F extends EventFilter>(how?: FollowOptions<F>): Following<R, F>
  /** The same as a store, on the line that all share: its `value` is the last 10,000 events. Of one session it is the same store, as long as anybody has it. */
  watch<const F extends EventFilter>(sessionId: string, what?: { filter?: F }): EventStore<R, F>
  /** The same of everything in the tenant. `offset`: where it begins, by default `now`. */
  watchTenant<const F extends EventFilter>(what?: { filter?: F; offset?: string }): EventStore<R, F>
  /** An execution as its events tell it; `value` is null until its first one has come. */
  watchExecution<T = AnyResult>(executionId: ExecutionIdOf<T>): Store<Watched<ExecutionSoFar<T> | null>>
  watchExecution(executionId: string): Store<Watched<ExecutionSoFar | null>>
  /** What an execution says piece by piece: first all that it has said so far, then what comes, until it ends. */
  stream(executionId: string, of?: { name?: string } & CallOptions): AsyncGenerator<StreamPart, void, undefined>
  /** The execution when it has ended, however it ended. */
  result<T = AnyResult>(executionId: ExecutionIdOf<T>, call?: CallOptions): Promise<EndedExecution<T>>
  result(executionId: string, call?: CallOptions): Promise<EndedExecution>
}

type Generated = AsyncGenerator<Followed, void, undefined>
type Kept = Store<Watched<readonly Event[]>>

/** Named one by one: a declaration that is inferred would hold the whole union of events. */
export function logCalls(reading: Reading, executions: ReturnType<typeof executionCalls>) {
  const stores = new Stores()

  const batchesOf = (executionId: string, how: FollowOptions) =>
    followBatches(
      reading,
      async () => logOf((await executions.execution(executionId, { signal: how.signal })).session_id),
      how,
    )

  const watchLog = (log: Log, offset: string) =>
    stores.get(offset + JSON.stringify(log), () =>
      createStore<readonly Event[]>(
        [],
        keepLast,
        (how) => followBatches(reading, log, { ...how, live: 'shared' }),
        offset,
      ),
    )

  return {
    async events(
      sessionId: string,
      from: { offset?: string; filter?: EventFilter } & CallOptions = {},
    ): Promise<Batch> {
      const { offset = '-1', filter, signal } = from
      const part = await readPart(reading.transport, { log: logOf(sessionId, filter), offset, signal })
      return { ...part, events: part.events.map(({ event }) => event) }
    },
    follow: (sessionId: string, how: FollowOptions = {}): Generated =>
      follow(reading, logOf(sessionId, how.filter), how),
    followTenant: (how: FollowOptions = {}): Generated => follow(reading, logOf(undefined, how.filter), how),
    watch: (sessionId: string, { filter }: { filter?: EventFilter } = {}): Kept =>
      watchLog(logOf(sessionId, filter), '-1'),
    watchTenant: ({ filter, offset = 'now' }: { filter?: EventFilter; offset?: string } = {}): Kept =>
      watchLog(logOf(undefined, filter), offset),
    watchExecution: (executionId: string): Store<Watched<ExecutionSoFar | null>> =>
      stores.get(executionId, () =>
        createStore<ExecutionSoFar | null>(
          null,
          (value, events) => events.reduce((so, { event }) => foldExecution(so, event, executionId), value),
          (how) => batchesOf(executionId, { ...how, live: 'shared' }),
        ),
      ),
    stream: (
      executionId: string,
      { name, signal }: { name?: string } & CallOptions = {},
    ): AsyncGenerator<StreamPart, void, undefined> =>
      chunkStream(batchesOf(executionId, { signal }), executionId, name),
    result: (executionId: string, call: CallOptions = {}): Promise<EndedExecution> =>
      awaitResult(reading, executions, executionId, call),
  }
}

const keepLast = (events: readonly Event[], next: readonly Followed[]): readonly Event[] =>
  next.length === 0 ? events : [...events, ...next.map(({ event }) => event)].slice(-EVENTS_KEPT_MAX)

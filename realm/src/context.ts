// What a handler is given. Everything a handler learns from the world comes through here, so that its execution can be
// replayed: between two calls of the context, a handler awaits nothing else.

import type { Readable } from 'node:stream'

import type * as z from 'zod'

import type {
  Approval,
  ArtifactRef,
  ExecutionId,
  IntentId,
  Progress,
  SessionId,
  StoredArtifact,
  TenantId,
} from '@biplane/protocol'

/** Milliseconds, or a number with a unit: `500ms`, `30s`, `5m`, `2h`, `7d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

export interface RetryPolicy {
  /** Attempts after the first. Default 4. */
  times?: number
  /** The pause before the second attempt. Default 200 ms. */
  backoff?: Duration
  /** What each further pause is multiplied by. Default 2. */
  factor?: number
  /** No pause is longer. Default 30 s. */
  max?: Duration
  /** The share of a pause that is left to chance, 0 to 1. Default 0.5. */
  jitter?: number
  /** False means: do not try again. Asked after TerminalError and its kin were ruled out. */
  retryIf?: (error: unknown) => boolean
}

export interface Undo<T> {
  /** What the step returned; absent if that is unknown. */
  result?: T
  /** `unknown`: the step had begun and no result was recorded, so it may or may not have happened. */
  outcome: 'done' | 'unknown'
  /** The key that the step had. */
  key: string
  signal: AbortSignal
  artifacts: Artifacts
  /** Facts of the session, and of the tenant under `tenant`: what the step's execution wrote can be taken back. */
  state: SharedState & { readonly tenant: SharedState }
}

export interface StepOptions<T> {
  /** Tells calls of one name apart where their order may vary between runs. */
  key?: string
  retry?: RetryPolicy
  /** Bound on one attempt. */
  timeoutMs?: number
  /** Takes back what the step did; makes the execution a saga. At-least-once, as the step is. */
  undo?: (undo: Undo<T>) => unknown
}

/** What a step's body is given: never the handler's context, because a body may run more than once. */
export interface StepContext {
  /** The same at every attempt: hand it to the outside world as its idempotency key. */
  readonly key: string
  /** 1 for the first. */
  readonly attempt: number
  /** Aborts when the attempt times out or the execution is cancelled. */
  readonly signal: AbortSignal
  readonly artifacts: Artifacts
  /** At most one entry each 500 ms; the last value wins. */
  progress(progress: Progress): void
  /** A stream of the step. Another attempt begins it anew, and readers drop what the one before said. */
  stream(name: string): StepStream
}

export interface StepStream {
  /**
   * Adds a chunk of JSON, such as a token of an agent's answer. Chunks go out together, a few times a second. Resolves when
   * there is room for more.
   */
  write(chunk: unknown): Promise<void>
}

export interface HandlerStream {
  /** Adds a chunk of JSON. Goes out with the execution's next commit. */
  write(chunk: unknown): void
}

/** A signal as the handler gets it. */
export interface Signal<T = unknown> {
  payload: T
  /** Its id, by which it is told apart from another of its name. */
  id: string
  /** Who sent it and why, as far as that is known. */
  by?: string
  reason?: string
  /** When it was recorded, in milliseconds since 1970. */
  at_ms: number
}

export interface WaitOptions<S extends z.ZodType = z.ZodType> {
  /** Tells waits of one name apart where their order may vary between runs. */
  key?: string
  /** How long it is waited for. Default: for ever. */
  within?: Duration
  /** What the payload must look like; a signal that does not fit is left for others. */
  payload?: S
}

export interface ApprovalOptions extends Approval {
  key?: string
  within?: Duration
}

/** What a call needs of an intent: its definition has it. */
export interface CallableIntent<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly type: string
  readonly payload: P
  readonly result: R
}

export interface CallOptions<T> {
  /** Tells calls of one intent apart where their order may vary between runs. */
  key?: string
  /** Takes back what the child did, should this execution be undone after the child completed. */
  undo?: (undo: Undo<T>) => unknown
}

export interface DetachedCall {
  key?: string
  detached: true
}

export interface Artifacts {
  /** Stores bytes of the tenant; durable when it resolves. Aborting `signal` leaves nothing behind. */
  put(
    source: Uint8Array | AsyncIterable<Uint8Array>,
    about?: { name?: string; media_type?: string },
  ): Promise<ArtifactRef>
  /** @throws TerminalError `artifact.not_found` */
  open(artifact: ArtifactRef): Promise<Readable>
  /** The path of a file with these bytes, to read and never to write. @throws TerminalError `artifact.not_found` */
  path(artifact: ArtifactRef): Promise<string>
  /** @throws TerminalError `artifact.not_found` */
  stat(artifact: ArtifactRef): Promise<StoredArtifact>
}

export interface Versioned<T> {
  value: T
  /** 1 for the first value of a key. */
  revision: number
}

export interface StateReader {
  get<T>(key: string): Promise<Versioned<T> | null>
  /** Keys that begin with `prefix`, in order, behind the key `after`, at most `limit` (default 100, at most 1,000). */
  list<T>(prefix: string, limit?: number, after?: string): Promise<(Versioned<T> & { key: string })[]>
}

export interface SharedState {
  get<T>(key: string): Promise<Versioned<T> | null>
  /**
   * Writes if the key still has `revision` (0: if it is absent) and answers the new revision. Commits at once.
   * @throws StateConflict
   */
  compareAndSet(key: string, revision: number, value: unknown): Promise<number>
}

export interface SessionState extends SharedState {
  /** Goes out with the execution's next commit. */
  set(key: string, value: unknown): void
}

export interface Context {
  readonly tenantId: TenantId
  readonly sessionId: SessionId
  readonly intentId: IntentId
  readonly executionId: ExecutionId
  /** Aborts when the execution is cancelled. */
  readonly abortSignal: AbortSignal
  /**
   * Runs `body` and records what it returns, once. What it returns must be JSON; the handler gets it as JSON keeps it.
   * @throws StepFailed when it failed for good; Cancelled
   */
  step<T>(name: string, body: (step: StepContext) => Promise<T> | T, options?: StepOptions<T>): Promise<T>
  /** A step that stores what `produce` returns as an artifact. */
  artifact(
    name: string,
    produce: (step: StepContext) => Promise<Uint8Array | AsyncIterable<Uint8Array>>,
    about?: { name?: string; media_type?: string },
  ): Promise<ArtifactRef>
  /** Durable: a restart in between changes nothing. */
  sleep(duration: Duration): Promise<void>
  sleepUntil(time: Date | number): Promise<void>
  /**
   * Waits for a signal of that name. One that came before is taken first; each is taken once.
   * @throws WaitExpired; Cancelled
   */
  waitFor<S extends z.ZodType = z.ZodUnknown>(name: string, options?: WaitOptions<S>): Promise<Signal<z.output<S>>>
  /**
   * Asks a person. Resolves when it was approved. The first decision counts.
   * @throws ApprovalRefused; WaitExpired; Cancelled
   */
  approval(name: string, options?: ApprovalOptions): Promise<Signal>
  /**
   * Runs another intent as a child, in the same session, and answers its result. A child is cancelled with its parent, and when
   * its parent has ended without it. With `detached` it lives on its own, and the call answers its id when it is accepted.
   * @throws ChildFailed when it was refused, failed or was cancelled; Cancelled
   */
  call(intent: string | CallableIntent, payload: unknown, options: DetachedCall): Promise<ExecutionId>
  call<P extends z.ZodType, R extends z.ZodType>(
    intent: CallableIntent<P, R>,
    payload: z.input<P>,
    options?: CallOptions<z.output<R>>,
  ): Promise<z.output<R>>
  call<T = unknown>(intentType: string, payload: unknown, options?: CallOptions<T>): Promise<T>
  /** A stream of chunks, for what is known between steps; a step has one of its own. */
  stream(name: string): HandlerStream
  /** Publishes an event of the realm. Goes out with the execution's next commit. */
  emit(type: string, data: unknown): void
  /** At most one entry each 500 ms; the last value wins. */
  progress(progress: Progress): void
  /** Facts of the session, and of the tenant under `tenant`. */
  readonly state: SessionState & { readonly tenant: SharedState }
  /** Milliseconds since 1970 at the last entry that was handed to the handler. */
  now(): number
  /** From 0 up to 1; the same in every replay. */
  random(): number
  uuid(): string
}

export interface QueryContext {
  readonly tenantId: TenantId
  readonly state: { readonly session: StateReader | null; readonly tenant: StateReader }
  readonly artifacts: Omit<Artifacts, 'put'>
  /** Aborts when the asker leaves or time is up. */
  readonly signal: AbortSignal
}

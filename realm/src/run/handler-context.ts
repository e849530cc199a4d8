// The context as a handler sees it: every method is a call of the run, numbered in the order it is made.

import type { ExecutionId, IntentId, Progress, SessionId, TenantId } from '@biplane/protocol'
import { TYPE_NAME, realmOf } from '@biplane/protocol'

import type {
  ApprovalOptions,
  CallableIntent,
  CallOptions,
  Context,
  DetachedCall,
  HandlerStream,
  SharedState,
  StepOptions,
  Versioned,
  WaitOptions,
} from '../context.ts'
import { toMs } from '../duration.ts'
import { jsonOf, stateText } from '../json.ts'
import { chance, uuidOf } from './chance.ts'
import type { Ask, Note, Scope, WaitAsk } from './port.ts'

export interface Identity {
  tenantId: TenantId
  sessionId: SessionId
  intentId: IntentId
  executionId: ExecutionId
  intentType: string
  /** What chance is seeded with at a record: the execution that first had it. */
  seedOf(seq: number): string
  acceptedSeq: number
  acceptedMs: number
  /** The number of the rules that its records were made by (replay.ts). */
  replay: number
  /** Called with each progress, in a replay too. */
  progress(progress: Progress): void
}

/** What the context needs of the run it belongs to. */
export interface Calls {
  readonly moment: { seq: number; time_ms: number }
  readonly abortSignal: AbortSignal
  nextOrdinal(): number
  ask(ask: Ask): Promise<unknown>
  note(note: Note): void
}

export function handlerContext(identity: Identity, calls: Calls): Context {
  const random = replayedChance(identity, calls)
  const { tenantId, sessionId, intentId, executionId } = identity
  const sleepUntil = (until_ms: number) =>
    calls.ask({ kind: 'sleep', ordinal: calls.nextOrdinal(), name: 'sleep', until_ms }) as Promise<void>

  const context: Context = {
    tenantId,
    sessionId,
    intentId,
    executionId,
    get abortSignal() {
      return calls.abortSignal
    },
    step: (name, body, options = {}) =>
      calls.ask({
        kind: 'step',
        ordinal: calls.nextOrdinal(),
        name,
        ...(options.key === undefined ? {} : { key: options.key }),
        body,
        options: options as StepOptions<unknown>,
      }) as Promise<never>,
    artifact: (name, produce, about) =>
      context.step(name, async (step) => step.artifacts.put(await produce(step), about)),
    sleep: (duration) => sleepUntil(calls.moment.time_ms + toMs(duration)),
    sleepUntil: (time) => sleepUntil(Number(time)),
    waitFor: (name, options = {}) => calls.ask(waitAsk(name, options, calls)) as Promise<never>,
    approval: (name, options = {}) => calls.ask(approvalAsk(name, options, calls)) as Promise<never>,
    call: (intent: string | CallableIntent, payload: unknown, options?: CallOptions<never> | DetachedCall) =>
      calls.ask(childAsk(intent, payload, options ?? {}, calls)) as Promise<never>,
    stream: streams(calls),
    emit: (type, data) => {
      refuseForeignType(type, identity.intentType)
      const text = jsonOf(data, `The data of event ${type}`)
      calls.note({ kind: 'emit', ordinal: calls.nextOrdinal(), name: type, data: text })
    },
    progress: identity.progress,
    state: {
      ...sharedState('session', calls),
      set: (key, value) =>
        calls.note({ kind: 'set_state', ordinal: calls.nextOrdinal(), name: key, value: stateText(key, value) }),
      tenant: sharedState('tenant', calls),
    },
    now: () => calls.moment.time_ms,
    random,
    uuid: () => uuidOf(random),
  }
  return context
}

const keyOf = ({ key }: { key?: string }) => (key === undefined ? {} : { key })

const untilOf = ({ within }: WaitOptions, calls: Calls) =>
  within === undefined ? null : calls.moment.time_ms + toMs(within)

const waitAsk = (name: string, options: WaitOptions, calls: Calls): WaitAsk => ({
  kind: 'wait',
  ordinal: calls.nextOrdinal(),
  name,
  ...keyOf(options),
  until_ms: untilOf(options, calls),
  approval: null,
  fits: ({ payload }) => options.payload?.safeParse(payload).success ?? true,
})

const approvalAsk = (name: string, { assignee, title, ...options }: ApprovalOptions, calls: Calls): WaitAsk => ({
  ...waitAsk(name, options, calls),
  approval: { ...(assignee === undefined ? {} : { assignee }), ...(title === undefined ? {} : { title }) },
  fits: ({ approved }) => approved !== undefined,
})

function childAsk(
  intent: string | CallableIntent,
  payload: unknown,
  options: CallOptions<never> | DetachedCall,
  calls: Calls,
): Ask {
  const intentType = typeof intent === 'string' ? intent : intent.type
  return {
    kind: 'call',
    ordinal: calls.nextOrdinal(),
    name: intentType,
    ...keyOf(options),
    intentType,
    payload: jsonOf(payload, `The payload of ${intentType}`),
    detached: 'detached' in options,
    options: 'undo' in options && options.undo ? { undo: options.undo as (undo: unknown) => unknown } : {},
  }
}

/** A stream counts its chunks, so that a reader sees where each belongs. */
function streams(calls: Calls): (name: string) => HandlerStream {
  // Most handlers stream nothing.
  let written: Map<string, number> | null = null
  return (name) => ({
    write(value) {
      written ??= new Map()
      const index = written.get(name) ?? 0
      written.set(name, index + 1)
      const chunk = jsonOf(value, `A chunk of stream ${name}`, 'chunk')
      calls.note({ kind: 'chunk', ordinal: calls.nextOrdinal(), name, index, chunk })
    },
  })
}

const sharedState = (scope: Scope, calls: Calls): SharedState => ({
  get: <T>(key: string) =>
    calls.ask({ kind: 'read_state', ordinal: calls.nextOrdinal(), name: key, scope }) as Promise<Versioned<T> | null>,
  compareAndSet: (key, revision, value) =>
    calls.ask({
      kind: 'compare_and_set',
      ordinal: calls.nextOrdinal(),
      name: key,
      scope,
      revision,
      value: stateText(key, value),
    }) as Promise<number>,
})

/** A realm publishes events of its own name, so that a type says who speaks. */
function refuseForeignType(type: string, intentType: string): void {
  const realm = realmOf(intentType)
  if (!TYPE_NAME.test(type) || realmOf(type) !== realm) {
    throw new Error(`Event type "${type}" must begin with "${realm}." and be in lower case with underscores.`)
  }
}

/** Seeded anew at each record, so that how often it was asked before does not matter after a replay. */
function replayedChance({ seedOf }: Identity, calls: Calls): () => number {
  let seq = -1
  let draw = () => 0
  return () => {
    if (seq !== calls.moment.seq) {
      seq = calls.moment.seq
      draw = chance(`${seedOf(seq)}/${seq}`)
    }
    return draw()
  }
}

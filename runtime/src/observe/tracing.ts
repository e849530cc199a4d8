// One span for an execution and one for each attempt of a step, joined to the `traceparent` that the intent came with, through
// the OpenTelemetry API alone: without an SDK in the process there is nothing to export to, and nothing is traced.

import { isSpanContextValid, trace } from '@opentelemetry/api'

import type { EngineParts } from '../engine/ports.ts'
import type { Store } from '../store/port.ts'
import { ExecutionSpans } from './execution-spans.ts'

type Perform = Required<Pick<EngineParts, 'perform' | 'performUndo'>>

export interface Tracing {
  /** `store` must be a plain object, as `observedStore` makes it. */
  store(store: Store): Store
  performing(perform: Perform): Perform
}

const NAME = '@biplane/runtime'

/** Null if nothing in the process would take spans. */
export function createTracing(): Tracing | null {
  const tracer = trace.getTracer(NAME)
  const started = tracer.startSpan('runtime start')
  started.end()
  if (!isSpanContextValid(started.spanContext())) return null
  const spans = new ExecutionSpans(tracer)
  return {
    store: (store) => tracedStore(store, spans),
    performing: ({ perform, performUndo }) => ({
      perform: (ask, step, about) => spans.within(about, `step ${ask.name}`, () => perform(ask, step, about)),
      performUndo: (ask, undo, about) =>
        spans.within(about, `undo of ${ask.name}`, () => performUndo(ask, undo, about)),
    }),
  }
}

function tracedStore(store: Store, spans: ExecutionSpans): Store {
  return {
    ...store,
    async acceptIntent(command) {
      const accepted = await store.acceptIntent(command)
      if (accepted.outcome === 'accepted') spans.begin(command.execution, command.entries)
      return accepted
    },
    async record(command) {
      const recorded = await store.record(command)
      if (recorded.outcome === 'recorded') spans.moved(command)
      return recorded
    },
    async listUnfinished(after, limit) {
      const page = await store.listUnfinished(after, limit)
      spans.left(page.items)
      return page
    },
    // An execution of the process before is read before it goes on; what it came with is in its first entry.
    async readExecution(execution, afterSeq, limit) {
      const entries = await store.readExecution(execution, afterSeq, limit)
      spans.read(execution, entries)
      return entries
    },
  }
}

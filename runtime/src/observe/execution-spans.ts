// The open spans of executions, and the spans of their steps inside them.

import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  context,
  trace,
} from '@opentelemetry/api'

import { type ExecutionId, isFinal } from '@biplane/protocol'

import type { ExecutionRow, NewEntry, RecordExecution } from '../store/port.ts'

/** Executions whose spans are open at once; those beyond are not traced. */
const OPEN_SPANS_MAX = 50_000

export class ExecutionSpans {
  readonly #tracer: Tracer
  readonly #open = new Map<ExecutionId, Span>()
  readonly #left = new Map<ExecutionId, ExecutionRow>()

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  /** Rows that the process before has left behind: their spans begin when they are read. */
  left(rows: readonly ExecutionRow[]): void {
    for (const row of rows) {
      if (this.#left.size < OPEN_SPANS_MAX && !this.#open.has(row.execution_id)) this.#left.set(row.execution_id, row)
    }
  }

  read(execution: ExecutionId, entries: readonly NewEntry[]): void {
    const row = this.#left.get(execution)
    if (row) this.begin(row, entries)
  }

  /** `entries`: with the one that it was accepted with. */
  begin(row: ExecutionRow, entries: readonly NewEntry[]): void {
    const { tenant_id, session_id, intent_id, execution_id, intent_type, realm_version } = row
    this.#left.delete(execution_id)
    if (this.#open.size >= OPEN_SPANS_MAX || isFinal(row.status)) return
    const options = {
      kind: SpanKind.CONSUMER,
      attributes: prefixed({ tenant_id, session_id, intent_id, execution_id, intent_type, realm_version }),
    }
    this.#open.set(execution_id, this.#tracer.startSpan(intent_type, options, this.#cameFrom(entries)))
  }

  moved({ execution_id, entries, status, compensated }: RecordExecution): void {
    if (isFinal(status)) this.#left.delete(execution_id)
    const span = this.#open.get(execution_id)
    if (!span || !isFinal(status)) return
    span.setAttributes(prefixed({ status, compensated }))
    if (status === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message: failureCode(entries) })
    span.end()
    this.#open.delete(execution_id)
  }

  /** Runs a body inside a span of its own: what the body asks of others joins the trace. */
  within(about: { execution_id: ExecutionId; intent_type: string }, name: string, body: () => unknown): unknown {
    const { execution_id, intent_type } = about
    const attributes = prefixed({ execution_id, intent_type })
    const span = this.#tracer.startSpan(name, { attributes }, this.#inside(execution_id))
    return context.with(trace.setSpan(context.active(), span), () => ending(span, body))
  }

  #inside(execution: ExecutionId): Context {
    const span = this.#open.get(execution)
    return span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT
  }

  #cameFrom(entries: readonly NewEntry[]): Context {
    const accepted = entries.find(({ type }) => type === 'intent.accepted')
    if (!accepted) return ROOT_CONTEXT
    const { traceparent, parent } = JSON.parse(accepted.data) as {
      traceparent?: string
      parent?: { execution_id: ExecutionId }
    }
    const remote = traceparent === undefined ? null : spanContextOf(traceparent)
    if (remote) return trace.setSpanContext(ROOT_CONTEXT, remote)
    return parent ? this.#inside(parent.execution_id) : ROOT_CONTEXT
  }
}

/** Ends the span when the body has, whichever way, and hands on what it gave. */
function ending(span: Span, body: () => unknown): unknown {
  try {
    const given = body()
    if (!(given instanceof Promise)) {
      span.end()
      return given
    }
    return given.then(
      (value: unknown) => {
        span.end()
        return value
      },
      (error: unknown) => {
        fail(span, error)
        throw error
      },
    )
  } catch (error) {
    fail(span, error)
    throw error
  }
}

/** The code alone: what an error says may hold what a caller entered. */
function fail(span: Span, error: unknown): void {
  const { code, name } = error as { code?: unknown; name?: unknown }
  span.setStatus({ code: SpanStatusCode.ERROR, message: String(code ?? name ?? 'error') })
  span.end()
}

function failureCode(entries: readonly NewEntry[]): string {
  const failed = entries.find(({ type }) => type === 'execution.failed')
  return failed ? (JSON.parse(failed.data) as { error: { code: string } }).error.code : 'failed'
}

const prefixed = (attributes: Record<string, string | boolean>): Record<string, string | boolean> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`biplane.${name}`, value]))

/** W3C Trace Context, version 00. */
function spanContextOf(traceparent: string) {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-')
  const isWhole = traceId.length === 32 && spanId.length === 16
  return isWhole ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } : null
}

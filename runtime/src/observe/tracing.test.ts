import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { type SpanContext, SpanStatusCode, context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import * as z from 'zod'

import { TerminalError, defineRealm, intent } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER_SPAN = '00f067aa0ba902b7'
const traceparent = `00-${TRACE_ID}-${CALLER_SPAN}-01`

const exporter = new InMemorySpanExporter()
const anything = { payload: z.object({}), result: z.unknown() }

/** What a step asks of others is traced by their own instrumentation: here is a span of such a kind. */
const callOutside = () => trace.getTracer('test').startActiveSpan('GET elsewhere', (span) => span.end())

const child = intent('traced.child', {
  ...anything,
  run: (ctx) => ctx.step('look', callOutside),
})
const realm = defineRealm({
  name: 'traced',
  version: '1',
  capabilities: [
    child,
    intent('traced.parent', {
      ...anything,
      async run(ctx) {
        await ctx.step('first', callOutside)
        await ctx.waitFor('go')
        await ctx.call(child, {})
        return null
      },
    }),
    intent('traced.fail', {
      ...anything,
      run: (ctx) =>
        ctx.step('break', () => {
          throw new TerminalError('card.declined', 'card 4111 declined')
        }),
    }),
  ],
})

let runtime: TestRuntime
before(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  runtime = await TestRuntime.start([realm])
})
after(() => runtime[Symbol.asyncDispose]())
beforeEach(() => exporter.reset())

async function submit(type: string): Promise<string> {
  const body = { intent_type: type, realm: 'traced', session_id: await runtime.session(), tenant_id: 'acme' }
  const answer = await runtime.call('POST', '/api/intent/submit', { ...body, payload: {} }, { traceparent })
  return answer.body.execution_id
}

const span = (name: string): Promise<ReadableSpan> =>
  waitFor(() => exporter.getFinishedSpans().find((each) => each.name === name) ?? null, `the span ${name}`)

const parentOf = ({ parentSpanContext }: ReadableSpan): SpanContext | undefined => parentSpanContext

test('an execution, its steps, what they ask of others and its children are one trace with the caller, also after a restart', async () => {
  const id = await submit('traced.parent')
  const first = await span('step first')
  assert.equal((await span('GET elsewhere')).parentSpanContext?.spanId, first.spanContext().spanId)

  await runtime.until(id, (status) => status === 'waiting')
  await runtime.restart()
  await runtime.operate(id, 'signal', { name: 'go' })
  assert.equal((await runtime.until(id)).status, 'completed')

  const parent = await span('traced.parent')
  assert.equal(parentOf(parent)?.spanId, CALLER_SPAN)
  const called = await span('traced.child')
  assert.equal(parentOf(called)?.spanId, parent.spanContext().spanId)
  assert.equal(parentOf(await span('step look'))?.spanId, called.spanContext().spanId)
  for (const each of exporter.getFinishedSpans()) {
    if (each.name !== 'runtime start') assert.equal(each.spanContext().traceId, TRACE_ID, each.name)
  }
})

test('a failure marks its span with its code, and not with what it says', async () => {
  await runtime.until(await submit('traced.fail'))
  for (const name of ['step break', 'traced.fail']) {
    const { status, attributes, events } = await span(name)
    assert.deepEqual([status.code, status.message], [SpanStatusCode.ERROR, 'card.declined'])
    assert.doesNotMatch(JSON.stringify([attributes, events]), /4111/)
  }
})

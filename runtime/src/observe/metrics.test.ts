import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import * as z from 'zod'

import { TerminalError, defineRealm, intent } from '@biplane/realm'

import { TestRuntime } from '../test-runtime.ts'

const anything = { payload: z.object({}), result: z.unknown() }
const realm = defineRealm({
  name: 'counted',
  version: '1',
  capabilities: [
    intent('counted.work', { ...anything, run: (ctx) => ctx.step('land', () => 1) }),
    intent('counted.wait', { ...anything, run: (ctx) => ctx.waitFor('go') }),
    intent('counted.fail', {
      ...anything,
      async run(ctx) {
        let attempts = 0
        await ctx.step('flaky', () => attempts++ || Promise.reject(new Error('once')), { retry: { backoff: 1 } })
        throw new TerminalError('counted.no', 'no')
      },
    }),
  ],
})

let runtime: TestRuntime
before(async () => {
  runtime = await TestRuntime.start([realm])
})
after(() => runtime[Symbol.asyncDispose]())

async function metrics(): Promise<string> {
  const { status, headers, body } = await runtime.call('GET', '/metrics')
  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  return body
}

const has = (text: string, line: string) => assert.ok(text.includes(`${line}\n`), line)
const fits = (text: string, line: RegExp) => assert.ok(line.test(text), line.source)

test('what came in, what went out and how, and what waits are in the metrics', async () => {
  const session = await runtime.session()
  await runtime.run(session, 'counted.work')
  await runtime.run(session, 'counted.work')
  await runtime.run(session, 'counted.fail')
  const waiting = await runtime.begin(session, 'counted.wait')
  await runtime.until(waiting, (status) => status === 'waiting')

  const text = await metrics()
  has(text, 'biplane_executions_accepted_total{intent_type="counted.work"} 2')
  has(text, 'biplane_executions_ended_total{intent_type="counted.work",status="completed"} 2')
  has(text, 'biplane_executions_ended_total{intent_type="counted.fail",status="failed"} 1')
  has(text, 'biplane_execution_duration_seconds_count{intent_type="counted.work",status="completed"} 2')
  has(text, 'biplane_step_duration_seconds_count{intent_type="counted.work",step="land"} 2')
  has(text, 'biplane_step_failures_total{intent_type="counted.fail",step="flaky",final="false"} 1')
  has(text, 'biplane_executions{status="waiting"} 1')
  has(text, 'biplane_executions{status="running"} 0')
  fits(text, /biplane_store_command_seconds_count\{command="record"\} [1-9]/)
  assert.match(
    text,
    /biplane_http_answer_seconds_count\{method="GET",route="\/api\/execution\/:execution_id",status="200"\} [1-9]/,
  )
  fits(text, /nodejs_eventloop_lag_seconds \d/)
})

test('what the process before left waiting is counted after a restart', async () => {
  await runtime.restart()
  has(await metrics(), 'biplane_executions{status="waiting"} 1')
})

test('no id, and nothing that a caller entered, is a label', async () => {
  assert.equal(/ses_|exe_|int_|acme/.exec(await metrics()), null)
})

test('docs/operations.md lists every metric of ours, with its labels, and no other', async () => {
  const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
  const listed = [...page.matchAll(/^\| `(biplane_(?!gateway)\w+)` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  const there = [...(await metrics()).matchAll(/^# TYPE (biplane_\w+) (\w+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  assert.deepEqual(listed.toSorted(), there.toSorted())
})

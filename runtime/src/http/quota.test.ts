// What a tenant may have, and that others do not pay for it (docs/protocol.md §4, "Quotas"; docs/guarantees.md, G14 and G15).

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { LimitsConfig } from '../limits.ts'
import { type Answer, TestRuntime, waitFor } from '../test-runtime.ts'

const waiting = defineRealm({
  name: 'waiting',
  version: '1',
  capabilities: [
    intent('waiting.once', { payload: z.unknown(), result: z.unknown(), run: (ctx) => ctx.waitFor('go', {}) }),
    intent('waiting.twice', {
      payload: z.unknown(),
      result: z.unknown(),
      run: async (ctx) => {
        await ctx.call('waiting.once', {})
      },
    }),
    intent('waiting.keep', {
      payload: z.string(),
      result: z.unknown(),
      run: (ctx, text) => ctx.step('keep', ({ artifacts }) => artifacts.put(Buffer.from(text))),
    }),
  ],
})

const start = (tenant: NonNullable<LimitsConfig['tenant']>) => TestRuntime.start([waiting], { limits: { tenant } })
const codeOf = ({ status, body }: Answer) => [status, body.code ?? null]
const REFUSED = [429, 'quota_exceeded']

test('a tenant at its quota of executions gets no more, until one ends; nothing of what is refused is recorded', async () => {
  await using runtime = await start({ executionsMax: 2 })
  const session = await runtime.session()
  const first = await runtime.begin(session, 'waiting.once')
  await runtime.begin(session, 'waiting.once')
  const before = (await runtime.events(session)).length
  const third = await runtime.submit(session, 'waiting.once')
  assert.deepEqual(codeOf(third), REFUSED)
  assert.match(third.body.detail, /2 executions that have not ended/)
  assert.equal((await runtime.events(session)).filter(({ type }) => type === 'intent.accepted').length, 2)
  assert.ok(before >= 3)
  assert.equal(
    (await runtime.submit(await runtime.session('other'), 'waiting.once', {}, { tenant_id: 'other' })).status,
    202,
  )
  await runtime.operate(first, 'cancel')
  await runtime.until(first)
  assert.equal((await runtime.submit(session, 'waiting.once')).status, 202)
})

test('many that come at once do not pass the quota together', async () => {
  await using runtime = await start({ executionsMax: 5 })
  const session = await runtime.session()
  const answers = await Promise.all(Array.from({ length: 20 }, () => runtime.submit(session, 'waiting.once')))
  assert.equal(answers.filter(({ status }) => status === 202).length, 5)
})

test('at its quota a tenant is still answered what a key has made', async () => {
  await using runtime = await start({ executionsMax: 1 })
  const session_id = await runtime.session()
  const body = { intent_type: 'waiting.once', realm: 'waiting', session_id, tenant_id: 'acme', payload: {} }
  const send = (key: string, more = {}) =>
    runtime.call('POST', '/api/intent/submit', { ...body, ...more }, { 'idempotency-key': key })
  const first = await send('one')
  const again = await send('one')
  assert.deepEqual([again.status, again.body], [202, first.body])
  assert.deepEqual(codeOf(await send('one', { payload: 1 })), [409, 'idempotency_conflict'])
  assert.deepEqual(codeOf(await send('two')), REFUSED)
})

test('a restart counts what it finds, and what an execution calls is never refused', async () => {
  await using runtime = await start({ executionsMax: 2 })
  const session = await runtime.session()
  const parent = await runtime.begin(session, 'waiting.twice')
  const child = await waitFor(async () => {
    const { children } = await runtime.execution(parent)
    return children[0]?.execution_id ?? null
  }, 'a child')
  assert.deepEqual(codeOf(await runtime.submit(session, 'waiting.once')), REFUSED)
  await runtime.restart()
  assert.deepEqual(codeOf(await runtime.submit(session, 'waiting.once')), REFUSED)
  await runtime.operate(child, 'signal', { name: 'go' })
  await runtime.until(parent)
  const second = await runtime.begin(session, 'waiting.twice')
  await waitFor(async () => (await runtime.execution(second)).children.length === 1, 'a child beyond nobody’s quota')
})

test('a tenant at its quota of open sessions closes one before it gets another, also after a restart', async () => {
  await using runtime = await start({ sessionsMax: 2 })
  const create = (key?: string) =>
    runtime.call(
      'POST',
      '/api/session/create',
      { tenant_id: 'acme' },
      key === undefined ? {} : { 'idempotency-key': key },
    )
  const first = await create('first')
  assert.equal((await create()).status, 201)
  assert.deepEqual(codeOf(await create()), REFUSED)
  assert.deepEqual((await create('first')).body, first.body)
  await runtime.restart()
  assert.deepEqual(codeOf(await create()), REFUSED)
  assert.equal((await runtime.call('POST', '/api/session/create', { tenant_id: 'other' })).status, 201)
  const close = () => runtime.call('POST', `/api/session/${first.body.session.session_id}/close?tenant_id=acme`, {})
  await close()
  await close()
  const answers = await Promise.all([create(), create()])
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [201, 429],
  )
})

test('a tenant stores so many bytes; the same bytes count once, and a restart counts what is there', async () => {
  await using runtime = await start({ artifactBytesMax: 1_000 })
  const put = async (body: string | ReadableStream<Uint8Array>, tenant = 'acme'): Promise<Answer> => {
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const response = await fetch(`${runtime.url}/api/artifact?tenant_id=${tenant}`, init)
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const same = 'a'.repeat(500)
  assert.deepEqual(
    (await Promise.all([put(same), put(same)])).map(({ status }) => status),
    [201, 201],
  )
  assert.equal((await put(same)).status, 201)
  assert.equal((await put('b'.repeat(400))).status, 201)
  assert.deepEqual(codeOf(await put('c'.repeat(101))), REFUSED)
  const undeclared = new Blob(['c'.repeat(60), 'd'.repeat(60)]).stream() as ReadableStream<Uint8Array>
  assert.deepEqual(codeOf(await put(undeclared)), REFUSED)
  await runtime.restart()
  assert.deepEqual(codeOf(await put('c'.repeat(101))), REFUSED)
  assert.equal((await put('c'.repeat(100))).status, 201)
  assert.equal((await put('c'.repeat(101), 'other')).status, 201)
  const kept = await runtime.run(await runtime.session(), 'waiting.keep', 'e'.repeat(800))
  assert.equal(kept.status, 'completed', 'what has begun goes on')
  assert.deepEqual(codeOf(await put('f')), REFUSED)
})

test('a tenant that submits faster than it may is told to wait, and another is not', async () => {
  await using runtime = await start({ submissionsPerSecondMax: 3 })
  const session = await runtime.session()
  const theirs = await runtime.session('other')
  const answers = await Promise.all(Array.from({ length: 10 }, () => runtime.submit(session, 'waiting.once')))
  const refused = answers.filter(({ status }) => status !== 202)
  assert.ok(refused.length >= 6, `${refused.length} were refused`)
  for (const answer of refused) {
    assert.deepEqual(codeOf(answer), [429, 'rate_limited'])
    assert.equal(answer.headers.get('retry-after'), '1')
  }
  assert.equal((await runtime.submit(theirs, 'waiting.once', {}, { tenant_id: 'other' })).status, 202)
  await waitFor(async () => (await runtime.submit(session, 'waiting.once')).status === 202, 'its turn')
})

test('a tenant that holds all the sockets it can leaves room for another', async () => {
  await using runtime = await TestRuntime.start([waiting], { limits: { server: { connectionsMax: 12 } } })
  const [mine, theirs] = [await runtime.session(), await runtime.session('other')]
  const left = new AbortController()
  const follow = (session: string, tenant: string) =>
    fetch(`${runtime.url}/api/session/${session}/events?tenant_id=${tenant}&live=sse&offset=-1`, {
      signal: left.signal,
    })
  const answers = await Promise.all(Array.from({ length: 11 }, () => follow(mine, 'acme')))
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 200, 200, 200, 200, 200, 200, 200, 503, 503, 503],
  )
  for (const answer of answers) if (answer.status === 503) await answer.text()
  assert.equal((await follow(theirs, 'other')).status, 200)
  left.abort()
})

// The Runtime's wire as a caller sees it (docs/protocol.md §3, §4, §8).

import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'

import { TerminalError, artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime } from '../test-runtime.ts'
import { ROUTES } from './server.ts'

let runs = 0

const shop = defineRealm({
  name: 'shop',
  version: '1',
  capabilities: [
    intent('shop.order', {
      payload: z.strictObject({ item: z.string(), count: z.number().int().positive().default(1) }),
      result: z.unknown(),
      run: async (ctx, { item, count }) => {
        const order = await ctx.step('order', () => ({ item, count, run: ++runs }))
        await ctx.state.tenant.compareAndSet(`order/${ctx.executionId}`, 0, order)
        return order
      },
    }),
    intent('shop.scan', {
      payload: z.strictObject({ file: artifact() }),
      result: z.number(),
      run: (ctx, { file }) => ctx.step('scan', async ({ artifacts }) => (await artifacts.stat(file)).size),
    }),
    query('shop.orders', {
      payload: z.strictObject({ limit: z.number().int().max(10).default(10) }),
      result: z.unknown(),
      async run({ state }, { limit }) {
        const found = await state.tenant.list<{ item: string }>('order/', limit)
        return { items: found.map(({ value }) => value.item) }
      },
    }),
    query('shop.slow', {
      payload: z.unknown(),
      result: z.unknown(),
      timeoutMs: 30,
      run: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    }),
    query('shop.refuse', {
      payload: z.unknown(),
      result: z.unknown(),
      run: async () => {
        throw new TerminalError('shop.closed', 'Closed on Sundays.', { advice: 'Come back on Monday.' })
      },
    }),
  ],
})

const order = { item: 'apple' }

test('an accepted intent is answered with its ids and where to look', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const { status, body, headers } = await runtime.submit(session, 'shop.order', order)
  assert.equal(status, 202)
  assert.deepEqual(Object.keys(body).sort(), ['execution_id', 'intent_id', 'session_id', 'status'])
  assert.equal(body.status, 'accepted')
  assert.equal(headers.get('location'), `/api/execution/${body.execution_id}`)
  assert.match(headers.get('link') ?? '', /rel="status".*rel="events".*rel="cancel"/)
  const execution = await runtime.until(body.execution_id)
  assert.deepEqual(execution.payload, order)
  const brief = await runtime.call('GET', `/api/execution/${body.execution_id}/status?tenant_id=acme`)
  assert.deepEqual(brief.body, { execution_id: body.execution_id, status: 'completed', compensated: false })
})

test('one key is one execution and one answer; another body is refused', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const body = { intent_type: 'shop.order', realm: 'shop', session_id: session, tenant_id: 'acme', payload: order }
  const key = { 'idempotency-key': 'order-1' }
  const before = runs
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => runtime.call('POST', '/api/intent/submit', body, key)),
  )
  assert.equal(new Set(answers.map((answer) => answer.body.execution_id)).size, 1)
  await runtime.until(answers[0]?.body.execution_id)
  assert.equal(runs, before + 1)
  const reordered = { ...body, payload: { count: 1, item: 'apple' } }
  const other = await runtime.call('POST', '/api/intent/submit', reordered, key)
  assert.deepEqual([other.status, other.body.code], [409, 'idempotency_conflict'])
  await runtime.restart()
  const late = await runtime.call('POST', '/api/intent/submit', body, key)
  assert.equal(late.body.execution_id, answers[0]?.body.execution_id)
})

test('an intent id minted by the client is a key, in one namespace with Idempotency-Key', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const intent_id = 'int_01k9xpm2f80000000000000000'
  const first = await runtime.submit(session, 'shop.order', order, { intent_id })
  assert.equal(first.body.intent_id, intent_id)
  const second = await runtime.submit(session, 'shop.order', order, { intent_id })
  assert.deepEqual(second.body, first.body)
  const body = { intent_type: 'shop.order', realm: 'shop', session_id: session, tenant_id: 'acme', payload: order }
  const byKey = await runtime.call('POST', '/api/intent/submit', body, { 'idempotency-key': intent_id })
  assert.equal(byKey.body.execution_id, first.body.execution_id)
  const both = await runtime.call('POST', '/api/intent/submit', { ...body, intent_id }, { 'idempotency-key': 'x' })
  assert.deepEqual([both.status, both.body.code], [400, 'idempotency_keys_differ'])
  // An id that the runtime minted cannot be taken either.
  const minted = await runtime.call('POST', '/api/intent/submit', body, { 'idempotency-key': 'mine' })
  const taken = await runtime.submit(session, 'shop.order', { item: 'pear' }, { intent_id: minted.body.intent_id })
  assert.deepEqual([taken.status, taken.body.code], [409, 'idempotency_conflict'])
})

test('Prefer: wait answers with the result if it comes in time', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const body = { intent_type: 'shop.order', realm: 'shop', session_id: session, tenant_id: 'acme', payload: order }
  const answer = await runtime.call('POST', '/api/intent/submit', body, { prefer: 'wait=5' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('preference-applied'), 'wait=5')
  assert.equal(answer.body.status, 'completed')
  assert.equal(answer.body.result.item, 'apple')
})

test('traceparent is kept in the log', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const body = { intent_type: 'shop.order', realm: 'shop', session_id: session, tenant_id: 'acme', payload: order }
  await runtime.call('POST', '/api/intent/submit', body, { traceparent })
  const accepted = (await runtime.events(session)).find(({ type }) => type === 'intent.accepted')
  assert.equal((accepted?.data as { traceparent: string } | undefined)?.traceparent, traceparent)
})

test('bad input gets a problem document with a stable code, and leaves nothing behind', async (t) => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const foreign = await runtime.session('other')
  const envelope = { intent_type: 'shop.order', realm: 'shop', session_id: session, tenant_id: 'acme', payload: order }
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const raw = (payload: string) =>
    `{"intent_type":"shop.order","realm":"shop","session_id":"${session}","tenant_id":"acme","payload":${payload}}`
  const cases: [name: string, body: unknown, status: number, code: string][] = [
    ['malformed JSON', '{"intent_type":', 400, 'malformed_json'],
    ['not an object', '[]', 400, 'tenant_required'],
    ['no tenant', { ...envelope, tenant_id: undefined }, 400, 'tenant_required'],
    ['a tenant that is none', { ...envelope, tenant_id: '../etc' }, 400, 'body_invalid'],
    ['an unknown field', { ...envelope, extra: 1 }, 400, 'body_invalid'],
    ['an unknown intent', { ...envelope, intent_type: 'shop.nothing' }, 404, 'intent_type_unknown'],
    ['a query as an intent', { ...envelope, intent_type: 'shop.orders' }, 404, 'intent_type_unknown'],
    ['the wrong realm', { ...envelope, realm: 'content' }, 400, 'realm_mismatch'],
    ['a foreign session', { ...envelope, session_id: foreign }, 404, 'session_not_found'],
    ['no such session', { ...envelope, session_id: 'ses_01k9xpm2f80000000000000000' }, 404, 'session_not_found'],
    ['a session id that is none', { ...envelope, session_id: "ses_1' OR 1=1" }, 400, 'body_invalid'],
    ['a payload against its schema', { ...envelope, payload: { item: 7 } }, 422, 'payload_invalid'],
    ['no payload', { ...envelope, payload: undefined }, 400, 'body_invalid'],
    ['a body too large', { ...envelope, payload: { item: 'x'.repeat(1_100_000) } }, 413, 'body_too_large'],
    ['a body too deep', raw(deep), 400, 'body_too_deep'],
    ['\\u0000', raw('{"item":"a\\u0000b"}'), 400, 'text_invalid'],
    ['a lone surrogate', raw('{"item":"a\\ud800b"}'), 400, 'text_invalid'],
    ['__proto__', raw('{"item":"a","__proto__":{"count":2}}'), 400, 'malformed_json'],
    [
      'an artifact that is not there',
      { ...envelope, intent_type: 'shop.scan', payload: { file: { artifact_id: `art_${'0'.repeat(64)}` } } },
      404,
      'artifact_not_found',
    ],
  ]
  for (const [name, body, status, code] of cases) {
    await t.test(name, async () => {
      const answer = await runtime.call('POST', '/api/intent/submit', body, { 'content-type': 'application/json' })
      assert.deepEqual([answer.status, answer.body.code], [status, code])
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.ok(answer.body.advice.length > 10)
    })
  }
  await t.test('text/plain', async () => {
    const answer = await runtime.call('POST', '/api/intent/submit', 'hello', { 'content-type': 'text/plain' })
    assert.deepEqual([answer.status, answer.body.code], [415, 'media_type_unsupported'])
  })
  await t.test('bytes that are not UTF-8', async () => {
    const answer = await fetch(`${runtime.url}/api/intent/submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    })
    assert.equal(answer.status, 400)
  })
  await t.test('and nothing is left behind', async () => {
    assert.deepEqual(await runtime.types(session), ['session.created'])
    const list = await runtime.call('GET', '/api/execution?tenant_id=acme')
    assert.deepEqual(list.body, { items: [], next: null })
  })
})

test('what belongs to another tenant is answered as what does not exist', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const { execution_id } = await runtime.run(session, 'shop.order', order)
  const stored = await fetch(`${runtime.url}/api/artifact?tenant_id=acme`, { method: 'POST', body: 'secret' })
  const { artifact_id } = (await stored.json()) as { artifact_id: string }
  const paths = [
    `/api/session/${session}`,
    `/api/session/${session}/events`,
    `/api/session/${session}/state`,
    `/api/execution/${execution_id}`,
    `/api/execution/${execution_id}/status`,
    `/api/artifact/${artifact_id}`,
  ]
  for (const path of paths) {
    const mine = await runtime.call('GET', `${path}?tenant_id=acme`)
    const theirs = await runtime.call('GET', `${path}?tenant_id=other`)
    assert.deepEqual([mine.status, theirs.status], [200, 404], path)
  }
  const cancel = await runtime.call('POST', `/api/execution/${execution_id}/cancel?tenant_id=other`, {})
  assert.equal(cancel.status, 404)
  const list = await runtime.call('GET', '/api/execution?tenant_id=other')
  assert.deepEqual(list.body.items, [])
})

test('a session that is closed takes no intent, and its log ends', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  const closed = await runtime.call('POST', `/api/session/${session}/close?tenant_id=acme`, { reason: 'done' })
  assert.equal(closed.body.session.status, 'closed')
  const answer = await runtime.submit(session, 'shop.order', order)
  assert.deepEqual([answer.status, answer.body.code], [409, 'session_closed'])
  const events = await runtime.call('GET', `/api/session/${session}/events?tenant_id=acme`)
  assert.equal(events.headers.get('stream-closed'), 'true')
  assert.equal(events.body.at(-1).type, 'session.closed')
})

test('session creation takes a key too', async () => {
  await using runtime = await TestRuntime.start([shop])
  const create = (body: object) =>
    runtime.call('POST', '/api/session/create', { tenant_id: 'acme', ...body }, { 'idempotency-key': 'k.session' })
  const first = await create({ user_id: 'ada' })
  const second = await create({ user_id: 'ada' })
  assert.deepEqual(second.body, first.body)
  const other = await create({ user_id: 'bob' })
  assert.deepEqual([other.status, other.body.code], [409, 'idempotency_conflict'])
})

test('lists are pages, newest first', async () => {
  await using runtime = await TestRuntime.start([shop])
  const sessions: string[] = []
  for (let i = 0; i < 5; i++) sessions.unshift(await runtime.session())
  const seen: string[] = []
  let after = ''
  do {
    const { body } = await runtime.call('GET', `/api/session?tenant_id=acme&limit=2${after}`)
    seen.push(...body.items.map((item: { session_id: string }) => item.session_id))
    after = body.next === null ? '' : `&after=${body.next}`
  } while (after !== '')
  assert.deepEqual(seen, sessions)
})

test('a query answers from state, and is bounded in time', async () => {
  await using runtime = await TestRuntime.start([shop])
  const session = await runtime.session()
  await runtime.run(session, 'shop.order', order)
  const ask = (query_type: string, payload: unknown = {}) =>
    runtime.call('POST', '/api/query', { query_type, realm: 'shop', tenant_id: 'acme', session_id: session, payload })
  assert.deepEqual((await ask('shop.orders')).body, { items: ['apple'] })
  const codes = []
  for (const [type, payload] of [
    ['shop.slow'],
    ['shop.none'],
    ['shop.orders', { limit: 'x' }],
    ['shop.refuse'],
  ] as const) {
    const { status, body } = await ask(type, payload)
    codes.push([status, body.code])
  }
  assert.deepEqual(codes, [
    [504, 'query_timeout'],
    [404, 'query_type_unknown'],
    [422, 'payload_invalid'],
    [422, 'shop.closed'],
  ])
})

test('artifacts are streamed in and out, by their content', async () => {
  await using runtime = await TestRuntime.start([shop])
  const bytes = Buffer.alloc(3_000_000, 'biplane ')
  const put = async () => {
    const response = await fetch(`${runtime.url}/api/artifact?tenant_id=acme`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: bytes,
    })
    assert.equal(response.status, 201)
    return (await response.json()) as { artifact_id: string; size: number; media_type: string }
  }
  const first = await put()
  assert.deepEqual(await put(), first)
  assert.deepEqual([first.size, first.media_type], [3_000_000, 'text/csv'])
  const get = (headers: Record<string, string>) =>
    fetch(`${runtime.url}/api/artifact/${first.artifact_id}?tenant_id=acme`, { headers })
  const whole = await get({})
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes))
  assert.equal(whole.headers.get('content-disposition'), 'attachment')
  const part = await get({ range: 'bytes=8-15' })
  assert.deepEqual(
    [part.status, part.headers.get('content-range'), await part.text()],
    [206, 'bytes 8-15/3000000', 'biplane '],
  )
  const suffix = await get({ range: 'bytes=-4' })
  assert.equal(await suffix.text(), 'ane ')
  assert.equal((await get({ range: 'bytes=3000000-' })).status, 416)
  const scan = await runtime.run(await runtime.session(), 'shop.scan', { file: { artifact_id: first.artifact_id } })
  assert.equal(scan.result, 3_000_000)
})

test('an upload that breaks off leaves nothing behind', async () => {
  await using runtime = await TestRuntime.start([shop])
  const { hostname, port } = new URL(runtime.url)
  await new Promise<void>((resolve) => {
    const upload = httpRequest({
      hostname,
      port,
      method: 'POST',
      path: '/api/artifact?tenant_id=acme',
      headers: { 'content-length': '1000000' },
    })
    upload.on('error', () => resolve())
    upload.write('x'.repeat(100_000), () => upload.destroy())
    upload.on('close', () => resolve())
  })
  const { readdir } = await import('node:fs/promises')
  const deadline = Date.now() + 5_000
  while ((await readdir(`${runtime.folder}/artifacts/incoming`)).length > 0) {
    assert.ok(Date.now() < deadline, 'the unfinished file is removed')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.deepEqual(await readdir(`${runtime.folder}/artifacts`), ['incoming'])
})

test('the routes are /api/*, health, ready and the API document, and nothing of delivery', async () => {
  await using runtime = await TestRuntime.start([shop])
  const others = ROUTES.map(({ url }) => url).filter((url) => !url.startsWith('/api/'))
  assert.deepEqual(others, ['/health', '/ready', '/metrics'])
  for (const path of ['/v1/shop/order', '/v1/content/upload', '/', '/docs']) {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await runtime.call(method, path)
      assert.deepEqual([status, body.code], [404, 'route_not_found'], `${method} ${path}`)
    }
  }
  const wrong = await runtime.call('DELETE', '/api/session')
  assert.deepEqual(
    [wrong.status, wrong.body.code, wrong.headers.get('allow')],
    [405, 'method_not_allowed', 'GET, HEAD'],
  )
  const document = await runtime.call('GET', '/openapi.json')
  assert.equal(document.body.openapi, '3.1.0')
  const documented = Object.keys(document.body.paths).sort()
  const served = [...new Set(ROUTES.map(({ url }) => url.replace(/:(\w+)/g, '{$1}').replace('/*', '/{key}')))].sort()
  assert.deepEqual(documented, served)
})

test('the catalogue has schemas and an ETag', async () => {
  await using runtime = await TestRuntime.start([shop])
  const first = await runtime.call('GET', '/api/capabilities')
  const scan = first.body.capabilities.find((capability: { type: string }) => capability.type === 'shop.scan')
  assert.equal(scan.payload_schema.properties.file['x-artifact'], true)
  const again = await runtime.call('GET', '/api/capabilities', undefined, {
    'if-none-match': first.headers.get('etag') ?? '',
  })
  assert.equal(again.status, 304)
})

test('another site, a foreign Host and a rebound name are refused', async () => {
  await using runtime = await TestRuntime.start([shop])
  const body = { tenant_id: 'acme' }
  const crossSite = await runtime.call('POST', '/api/session/create', body, { origin: 'https://evil.example' })
  assert.deepEqual([crossSite.status, crossSite.body.code], [403, 'origin_refused'])
  const { hostname, port } = new URL(runtime.url)
  const rebound = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write('GET /health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')
    })
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('close', () => resolve(text))
  })
  assert.match(rebound, /^HTTP\/1\.1 421 /)
  assert.match(rebound, /host_refused/)
  assert.match(rebound, /BIPLANE_HOSTS/)
})

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { createClient, mintIntentId } from '@biplane/client'
import { until } from '@biplane/client/testing'
import type { AcceptedIntent, EndedIntent, ExecutionSummary, Page, Problem } from '@biplane/protocol'

import { type House, openHouse } from '../testing/house.ts'

let house: House
const tenant_id = 'acme'

before(async () => {
  house = await openHouse()
})
after(() => house[Symbol.asyncDispose]())

const post = (path: string, body?: unknown, headers?: Record<string, string>) => house.call('POST', path, body, headers)
const get = (path: string) => house.call('GET', path)
const codeOf = ({ body }: { body: unknown }) => (body as Problem).code

const client = () => createClient({ url: `${house.url}/v1`, tenantId: tenant_id })

test('a capability is served at the address of its type, and answers where to look further', async () => {
  const { status, headers, body } = await post('/v1/trial-bench/count', { tenant_id, to: 3 })
  const { execution_id, session_id } = body as AcceptedIntent
  assert.equal(status, 202)
  assert.equal(headers.get('location'), `/v1/execution/${execution_id}`)
  assert.match(headers.get('link') ?? '', new RegExp(`</v1/session/${session_id}/events>; rel="events"`))
  const execution = await client().result(execution_id)
  assert.deepEqual(execution.result, { counted: 3 })
  const located = await get(`${headers.get('location')}?tenant_id=${tenant_id}`)
  assert.deepEqual(located.body, { execution })
})

test('the outcome is answered at once if it is asked for and comes in time', async () => {
  const { status, headers, body } = await post('/v1/trial-bench/count', { tenant_id, to: 1 }, { prefer: 'wait=10' })
  assert.equal(status, 200)
  assert.equal(headers.get('preference-applied'), 'wait=10')
  assert.deepEqual((body as EndedIntent).result, { counted: 1 })
})

test('a retry with its key finds the session and the execution of the first time', async () => {
  const key = { 'idempotency-key': 'order-7' }
  const first = await post('/v1/trial-bench/count', { tenant_id, to: 1 }, key)
  const second = await post('/v1/trial-bench/count', { tenant_id, to: 1 }, key)
  assert.deepEqual(second.body, first.body)
  assert.equal(codeOf(await post('/v1/trial-bench/count', { tenant_id, to: 2 }, key)), 'idempotency_conflict')
})

test('an intent_id is a key too: beside the payload or in the query, but not another one in each', async () => {
  const [intent_id, other] = [mintIntentId(), mintIntentId()]
  const first = await post('/v1/trial-bench/count', { tenant_id, intent_id, to: 1 })
  const second = await post(`/v1/trial-bench/count?tenant_id=${tenant_id}&intent_id=${intent_id}`, { to: 1 })
  assert.equal((first.body as AcceptedIntent).intent_id, intent_id)
  assert.deepEqual(second.body, first.body)
  const differing = await post(`/v1/trial-bench/count?intent_id=${other}`, { tenant_id, intent_id, to: 1 })
  assert.equal(codeOf(differing), 'duplicate_fields_differ')
  const keyed = await post('/v1/trial-bench/count', { tenant_id, intent_id, to: 1 }, { 'idempotency-key': 'other' })
  assert.equal(codeOf(keyed), 'idempotency_keys_differ')
})

test('intents of one session go into one log', async () => {
  const { session_id } = await client().createSession()
  for (const to of [1, 2]) {
    const { body } = await post('/v1/trial-bench/count', { tenant_id, session_id, to })
    assert.equal((body as AcceptedIntent).session_id, session_id)
  }
  assert.equal((await client().executions({ sessionId: session_id })).items.length, 2)
})

test('a payload that does not fit is refused, field by field, and leaves no session behind', async () => {
  const { status, body } = await post('/v1/trial-bench/count', { tenant_id: 'tidy', to: 'three' })
  assert.equal(status, 422)
  assert.equal((body as Problem).code, 'payload_invalid')
  assert.equal((body as Problem).errors?.[0]?.path, 'to')
  assert.deepEqual((await createClient({ url: `${house.url}/v1`, tenantId: 'tidy' }).sessions()).items, [])
})

test('a query whose payload is flat is asked by its address, and any query by a body', async () => {
  const asked = await get(
    `/v1/trial-bench/echo?tenant_id=${tenant_id}&text=4&number=1.5&flag=true&tags=a,b&tags=c&size=large`,
  )
  assert.equal(asked.status, 200)
  assert.deepEqual(asked.body, { text: '4', number: 1.5, flag: true, tags: ['a,b', 'c'], size: 'large' })
  const posted = await post('/v1/trial-bench/echo', { tenant_id, text: 'ünï' })
  assert.deepEqual(posted.body, { text: 'ünï' })
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = await post('/v1/trial-bench/echo', 'tenant_id=acme&text=x&tags=one', urlencoded)
  assert.deepEqual(form.body, { text: 'x', tags: ['one'] })
  const nested = await post('/v1/trial-bench/nested', { tenant_id, where: { x: 1 } })
  assert.deepEqual(nested.body, { where: { x: 1 } })
})

test('a query that cannot be written as parameters takes POST alone, and says so', async () => {
  const { status, headers, body } = await get(`/v1/trial-bench/nested?tenant_id=${tenant_id}`)
  assert.equal(status, 405)
  assert.equal(headers.get('allow'), 'POST')
  assert.equal((body as Problem).code, 'method_not_allowed')
})

test('a query is stopped when the one who asked has left', async () => {
  const note = `${house.runtime.folder}/note-${Date.now()}`
  const leave = new AbortController()
  const url = `${house.url}/v1/trial-bench/linger?tenant_id=${tenant_id}&note=${encodeURIComponent(note)}`
  const asked = fetch(url, { signal: leave.signal })
  const noted = (text: string) => async () => (await readFile(note, 'utf8').catch(() => '')) === text
  await until('the query to begin', noted('asked'))
  leave.abort()
  await assert.rejects(asked)
  await until('the query to end', noted('asked left'))
})

test('what is not there is a problem document, whatever the reason', async () => {
  const cases: [method: string, path: string, body: unknown, status: number, code: string][] = [
    ['GET', '/nothing', undefined, 404, 'route_not_found'],
    ['POST', '/v1/nothing/here', {}, 404, 'route_not_found'],
    ['POST', '/v1/trial_bench/count', {}, 404, 'route_not_found'],
    ['GET', '/v1/trial-bench/count', undefined, 405, 'method_not_allowed'],
    ['DELETE', '/v1/session', undefined, 405, 'method_not_allowed'],
    ['GET', '/v1/%zz', undefined, 404, 'route_not_found'],
    ['GET', '/v1/session/..%2f..%2fmetrics?tenant_id=acme', undefined, 404, 'route_not_found'],
    ['POST', '/v1/trial-bench/count', '{"to":', 400, 'malformed_json'],
    ['POST', '/v1/trial-bench/count', '[1]', 400, 'body_invalid'],
    ['POST', '/v1/trial-bench/count', `{"tenant_id":"acme","to":1,"x":"\\u0000"}`, 400, 'text_invalid'],
    ['POST', '/v1/trial-bench/count', '['.repeat(100_000), 400, 'body_too_deep'],
    ['POST', '/v1/trial-bench/count', `{"to":1,"x":"${'x'.repeat(1024 * 1024)}"}`, 413, 'body_too_large'],
    ['POST', '/v1/trial-bench/count', '{"tenant_id":"not a tenant","to":1}', 400, 'body_invalid'],
    ['POST', '/v1/trial-bench/count', '{"to":1}', 400, 'tenant_required'],
    ['POST', '/v1/trial-bench/count', '{"tenant_id":"acme","session_id":"ses_x","to":1}', 400, 'body_invalid'],
  ]
  for (const [method, path, body, status, code] of cases) {
    const answer = await house.call(
      method,
      path,
      body,
      body === undefined ? {} : { 'content-type': 'application/json' },
    )
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], `${method} ${path}`)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  }
})

test('a capability without a file takes no other body than JSON and forms', async () => {
  const answer = await post('/v1/trial-bench/count', 'to=1', { 'content-type': 'text/plain' })
  assert.deepEqual([answer.status, codeOf(answer)], [415, 'media_type_unsupported'])
})

test('a realm that the runtime gains appears at its address while the gateway runs', async () => {
  await using own = await openHouse()
  assert.equal((await own.call('GET', '/v1/greeting/hello?tenant_id=acme&name=Ada')).status, 404)
  await own.runtime.start(`
    import { defineRealm, query } from '@biplane/realm'
    import * as z from 'zod'
    export default defineRealm({ name: 'greeting', version: '1', capabilities: [
      query('greeting.hello', {
        payload: z.object({ name: z.string() }),
        result: z.string(),
        run: async (_ctx, { name }) => 'Hello, ' + name,
      }),
    ] })`)
  const hello = await until('the new address', async () => {
    const answer = await own.call('GET', '/v1/greeting/hello?tenant_id=acme&name=Ada')
    return answer.status === 200 && answer
  })
  assert.equal(hello.body, 'Hello, Ada')
  assert.equal((await own.call('POST', '/v1/trial-bench/count', { tenant_id, to: 1 })).status, 404)
})

test('the API document has a capability at each address and by each method that it takes', async () => {
  const { status, body } = await get('/openapi.json')
  assert.equal(status, 200)
  const { paths } = body as { paths: Record<string, object> }
  assert.deepEqual(Object.keys(paths['/v1/trial-bench/echo'] ?? {}).sort(), ['get', 'post'])
  assert.deepEqual(Object.keys(paths['/v1/trial-bench/count'] ?? {}), ['post'])
})

test('a list is read to its end by its links alone, and to its beginning', async () => {
  const { session_id } = await client().createSession()
  for (const to of [1, 2, 3, 4, 5]) await post('/v1/trial-bench/count', { tenant_id, session_id, to })
  const linkOf = ({ headers }: { headers: Headers }, rel: string) =>
    new RegExp(`<([^>]*)>; rel="${rel}"`).exec(headers.get('link') ?? '')?.[1]
  const seen: string[] = []
  let next: string | undefined = `/v1/execution?tenant_id=${tenant_id}&session_id=${session_id}&limit=2`
  let first: string | undefined
  while (next !== undefined) {
    const page = await get(next)
    seen.push(...(page.body as Page<ExecutionSummary>).items.map(({ execution_id }) => execution_id))
    first = linkOf(page, 'first')
    next = linkOf(page, 'next')
  }
  const { items } = await client().executions({ sessionId: session_id })
  assert.deepEqual(
    seen,
    items.map(({ execution_id }) => execution_id),
  )
  const again = await get(first ?? '')
  assert.equal((again.body as Page<ExecutionSummary>).items[0]?.execution_id, seen[0])
})

test('the reference page and all that it loads come from here, under a policy that lets it ask nobody else', async () => {
  const page = await get('/docs')
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  const policy = page.headers.get('content-security-policy') ?? ''
  for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'"]) assert.ok(policy.includes(rule))
  assert.doesNotMatch(policy, /https?:|script-src[^;]*unsafe/)
  const loaded = [...String(page.body).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address)
  const scripts = loaded.filter((address) => address.endsWith('.js'))
  assert.ok(
    scripts.length > 0 && loaded.every((address) => address.startsWith('/') || address === 'data:,'),
    loaded.join(),
  )
  const bodies = await Promise.all(scripts.map(get))
  for (const { status, headers } of bodies) {
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^text\/javascript/)
  }
  assert.ok(
    bodies.some(({ body }) => String(body).length > 1024 * 1024),
    'the library itself is among them',
  )
  assert.ok(bodies.some(({ body }) => String(body).includes("url: '/openapi.json'")))
  const etag = bodies.map(({ headers }) => headers.get('etag')).find((one) => one !== null) ?? ''
  const again = await Promise.all(
    scripts.map((address) => house.call('GET', address, undefined, { 'if-none-match': etag })),
  )
  assert.ok(
    again.some(({ status }) => status === 304),
    'it is loaded once',
  )
})

test('the start page says what is here', async () => {
  const { status, headers, body } = await get('/')
  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/html/)
  for (const named of ['/openapi.json', '/v1/capabilities', 'POST /v1/trial-bench/count']) {
    assert.ok(String(body).includes(named), named)
  }
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'

import { type Client, createClient } from '@biplane/client'
import { openLine, until } from '@biplane/client/testing'
import type { AcceptedIntent, Problem, SocketMessage } from '@biplane/protocol'

import { createExperience } from '../gateway.ts'
import { type House, call, openHouse } from '../testing/house.ts'

let house: House
let client: Client
const tenantId = 'acme'

before(async () => {
  house = await openHouse()
  client = createClient({ url: `${house.url}/v1`, tenantId })
})
after(() => house[Symbol.asyncDispose]())

const get = (path: string, headers?: Record<string, string>) => house.call('GET', path, undefined, headers)
const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const count = (to: number, sessionId: string, at = client) =>
  at.submit({ type: 'trial_bench.count', sessionId, payload: { to } })

test('the client speaks to a gateway as to a runtime: sessions, intents, queries, bytes, state', async () => {
  const session = await client.createSession({ userId: 'ada' })
  assert.deepEqual(await client.session(session.session_id), session)
  const { execution_id } = await count(2, session.session_id)
  assert.equal((await client.result(execution_id)).status, 'completed')
  assert.equal((await client.executionStatus(execution_id)).status, 'completed')
  assert.deepEqual(await client.query({ type: 'trial_bench.echo', payload: { text: 'x' } }), { text: 'x' })
  assert.deepEqual((await client.states({ sessionId: session.session_id })).items, [])
  assert.deepEqual((await client.states({ tenantId })).items, [])
  await assert.rejects(client.state({ tenantId }, 'a/b c'), { code: 'state_not_found' })
  const bytes = new Uint8Array([1, 2, 3, 4])
  const { artifact_id } = await client.putArtifact(bytes)
  const { stream } = await client.getArtifact(artifact_id, { range: { start: 1, end: 2 } })
  assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), bytes.subarray(1, 3))
  assert.equal((await client.closeSession(session.session_id)).status, 'closed')
})

test('the catalogue is passed on with its tag, and is not sent again while it has not changed', async () => {
  const { etag, capabilities } = await client.capabilities()
  assert.ok(capabilities.length > 0)
  const again = await get('/v1/capabilities', { 'if-none-match': etag ?? '' })
  assert.deepEqual([again.status, again.body], [304, ''])
})

test('HEAD tells the size of an artifact and sends none of it', async () => {
  const { artifact_id } = await client.putArtifact(new Uint8Array(5000))
  const answer = await house.call('HEAD', `/v1/artifact/${artifact_id}?tenant_id=${tenantId}`)
  assert.deepEqual([answer.status, answer.headers.get('content-length'), answer.body], [200, '5000', ''])
})

test('HEAD says where a log ends, and two tenants in one address are refused', async () => {
  const { session_id } = await client.createSession()
  const head = await house.call('HEAD', `/v1/session/${session_id}/events?tenant_id=${tenantId}&live=sse`)
  assert.deepEqual([head.status, head.headers.get('stream-next-offset')], [200, '0000000000000001'])
  const two = await get(`/v1/session?tenant_id=${tenantId}&tenant_id=other`)
  assert.deepEqual([two.status, codeOf(two)], [400, 'duplicate_fields_differ'])
})

test('events come through as they happen, and a long poll ends when there is one', async () => {
  const { session_id } = await client.createSession()
  const path = `/v1/session/${session_id}/events?tenant_id=${tenantId}`
  const { headers } = await get(`${path}&offset=now`)
  const polled = get(`${path}&live=long-poll&offset=${headers.get('stream-next-offset')}`)
  await client.closeSession(session_id)
  const { status, headers: last } = await polled
  assert.deepEqual([status, last.get('stream-closed')], [200, 'true'])
  assert.match(last.get('stream-cursor') ?? '', /^\d+$/)
  const again = await get(`${path}&offset=-1`, {
    'if-none-match': (await get(`${path}&offset=-1`)).headers.get('etag') ?? '',
  })
  assert.deepEqual([again.status, again.headers.get('cache-control')], [304, 'private, no-cache'])
  const everything = await get(`/v1/tenant/${tenantId}/events?type=session.closed`)
  assert.ok(JSON.stringify(everything.body).includes(session_id))
})

for (const live of ['sse', 'long-poll'] as const) {
  test(`a follower by ${live} through gateways that are replaced misses and repeats nothing`, async () => {
    let url = house.url
    const toCurrent: typeof fetch = (input, init) => fetch(String(input).replace('http://gateway', url), init)
    const follower = createClient({ url: 'http://gateway/v1', tenantId, fetch: toCurrent })
    const { session_id } = await client.createSession()
    await count(150, session_id)
    const seqs: number[] = []
    let gateway = await replacement()
    url = gateway.url
    for await (const { event } of follower.follow(session_id, { live })) {
      seqs.push(event.seq)
      if (event.seq % 120 === 0) {
        const next = await replacement()
        url = next.url
        await gateway.close()
        gateway = next
      }
      if (event.type === 'execution.completed') await client.closeSession(session_id)
    }
    await gateway.close()
    assert.ok(seqs.length > 300)
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    )
  })
}

async function replacement() {
  const experience = await createExperience({
    surfaces: ['rest'],
    port: 0,
    runtimeUrl: house.runtime.url,
    logLevel: 'error',
  })
  return { url: await experience.listen(), close: () => experience.close() }
}

test('when the runtime dies, a stream stays, and goes on when the runtime is back', async () => {
  await using own = await openHouse()
  const near = createClient({ url: `${own.url}/v1`, tenantId })
  const { session_id } = await near.createSession()
  const path = `${own.url}/v1/session/${session_id}/events?tenant_id=${tenantId}&live=sse&offset=-1`
  const stream = await fetch(path)
  assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
  await own.runtime.kill()
  await own.runtime.start()
  await near.closeSession(session_id)
  const text = await stream.text()
  for (const type of ['created', 'closing', 'closed']) assert.equal(text.split(`"session.${type}"`).length, 2, type)
  assert.match(text, /"streamClosed":true/)
})

test('however many read, the runtime is listened to once, and let go of with the last of them', async () => {
  await using line = await openLine(house.runtime.url)
  await using own = await atLine(line.url)
  const sessions = await Promise.all([1, 2, 3].map(async () => (await client.createSession()).session_id))
  const leave = new AbortController()
  const read = async (session: string) => {
    const path = `/v1/session/${session}/events?tenant_id=${tenantId}&live=sse&offset=-1`
    const stream = await fetch(own.url + path, { signal: leave.signal })
    await stream.body?.getReader().read()
  }
  // One after the other, so that requests share one connection.
  await read(sessions[0]!)
  await until('the runtime to be listened to', () => line.open() === 3)
  for (let i = 0; i < 20; i++) await read(sessions[i % 3]!)
  assert.equal(line.open(), 3)
  leave.abort()
  await until('it to be let go', () => line.open() < 3)
})

async function atLine(runtimeUrl: string): Promise<AsyncDisposable & { url: string }> {
  const experience = await createExperience({ surfaces: ['rest'], port: 0, runtimeUrl, logLevel: 'error' })
  return { url: await experience.listen(), [Symbol.asyncDispose]: () => experience.close() }
}

test('while the runtime is away, everything says so and when to come back', async () => {
  await using own = await openHouse()
  await own.runtime.kill()
  const intent = {
    intent_type: 'trial_bench.count',
    realm: 'trial_bench',
    session_id: 'x',
    tenant_id: 'acme',
    payload: {},
  }
  for (const [method, path, body] of [
    ['GET', '/v1/session?tenant_id=acme', undefined],
    ['GET', '/v1/capabilities', undefined],
    ['POST', '/v1/trial-bench/count', { tenant_id: 'acme', to: 1 }],
    ['POST', '/v1/intent/submit', intent],
  ] as const) {
    const answer = await own.call(method, path, body)
    assert.deepEqual([answer.status, codeOf(answer)], [503, 'runtime_unavailable'], path)
    assert.equal(answer.headers.get('retry-after'), '1')
  }
  assert.equal((await own.call('GET', '/health')).status, 200, 'the gateway itself is well')
  await until('it to be noticed', async () => (await own.call('GET', '/ready')).status === 503)
  await own.runtime.start()
  await until('it to be back', async () => (await own.call('GET', '/ready')).status === 200)
})

test('a submission whose answer is lost is unknown, and its key finds what became of it', async () => {
  await using line = await openLine(house.runtime.url)
  await using own = await atLine(line.url)
  const { session_id } = await client.createSession()
  const body = { tenant_id: tenantId, session_id, to: 1 }
  line.loseAnswers(1)
  const lost = await call(own.url, 'POST', '/v1/trial-bench/count', body)
  assert.deepEqual([lost.status, codeOf(lost)], [500, 'outcome_unknown'])
  const intent_id = /int_\w{26}/.exec((lost.body as Problem).detail)?.[0]
  const found = await call(own.url, 'POST', '/v1/trial-bench/count', { ...body, intent_id })
  assert.equal(found.status, 202)
  assert.equal((await client.executions({ sessionId: session_id })).items.length, 1)
  await client.result((found.body as AcceptedIntent).execution_id)
})

test('a WebSocket reaches the runtime through the gateway', async () => {
  const { session_id } = await client.createSession()
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/events`)
  await once(socket, 'open')
  const types: string[] = []
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as SocketMessage
    types.push(message.type === 'event' ? message.event.type : message.type)
  })
  socket.send(JSON.stringify({ type: 'subscribe', session_id, tenant_id: tenantId }))
  await until('the past', () => types.includes('caught_up'))
  await client.closeSession(session_id)
  await until('the end', () => types.includes('closed'))
  assert.deepEqual(
    types.filter((type) => type.startsWith('session.')),
    ['session.created', 'session.closing', 'session.closed'],
  )
  socket.close()
  await once(socket, 'close')
})

test('a gateway that stops lets its sockets and streams go at once', async () => {
  const gateway = await replacement()
  const { session_id } = await client.createSession()
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/v1/events`)
  await once(socket, 'open')
  const stream = await fetch(`${gateway.url}/v1/session/${session_id}/events?tenant_id=acme&live=sse&offset=-1`)
  const began = Date.now()
  await Promise.all([gateway.close(), stream.text(), once(socket, 'close')])
  assert.ok(Date.now() - began < 4_000)
})

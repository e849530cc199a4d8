import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { BiplaneError, type Client, createClient, mintIntentId } from './client.ts'
import { type RuntimeProcess, TRIAL_REALM, openLine, startRuntime } from './testing/testing.ts'

let runtime: RuntimeProcess
let client: Client
const tenantId = 'acme'

before(async () => {
  runtime = await startRuntime(TRIAL_REALM)
  client = createClient({ url: `${runtime.url}/api`, tenantId })
})
after(() => runtime[Symbol.asyncDispose]())

const count = (to: number, sessionId: string) =>
  client.submit({ type: 'trial_bench.count', sessionId, payload: { to } })

function assertWhole(seqs: number[]): void {
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
}

test('an intent is submitted, waited for, and its result read', async () => {
  const { session_id } = await client.createSession({ userId: 'ada', metadata: { purpose: 'test' } })
  const { execution_id, status } = await count(3, session_id)
  assert.equal(status, 'accepted')
  const execution = await client.result(execution_id)
  assert.equal(execution.status, 'completed')
  assert.deepEqual(execution.result, { counted: 3 })
  assert.deepEqual(await client.result(execution_id), execution, 'waiting for what has ended ends at once')
  assert.equal((await client.executionStatus(execution_id)).status, 'completed')
  assert.equal((await client.session(session_id)).user_id, 'ada')
})

test('an intent with a wait is answered with its outcome', async () => {
  const { session_id } = await client.createSession()
  const intent = { type: 'trial_bench.count', sessionId: session_id, payload: { to: 2 }, waitSeconds: 10 }
  const ended = await client.submit(intent)
  assert.equal(ended.status, 'completed')
  assert.ok('result' in ended)
  assert.deepEqual(ended.result, { counted: 2 })
})

for (const live of ['sse', 'long-poll', 'poll'] as const) {
  test(`a follower by ${live} sees every event once, as it happens, and leaves when the session is closed`, async () => {
    const { session_id } = await client.createSession()
    const seen: Event[] = []
    for await (const { event } of client.follow(session_id, { live })) {
      seen.push(event)
      if (event.type === 'session.created') await count(20, session_id)
      if (event.type === 'execution.completed') await client.closeSession(session_id)
    }
    assertWhole(seen.map(({ seq }) => seq))
    assert.equal(seen.at(-1)?.type, 'session.closed')
    assert.equal(seen.filter(({ type }) => type === 'trial_bench.counted').length, 20)
  })
}

test('a follower goes on behind the offset that it is given, and from now on with "now"', async () => {
  const { session_id } = await client.createSession()
  await client.result((await count(5, session_id)).execution_id)
  const offsets: string[] = []
  for await (const { offset } of client.follow(session_id)) if (offsets.push(offset) === 7) break
  const fromNow = client.follow(session_id, { offset: 'now' })
  const next = fromNow.next()
  await client.closeSession(session_id)
  const [first, ...others] = await Array.fromAsync(client.follow(session_id, { offset: offsets[6] as string }))
  assert.equal(first?.event.seq, 8)
  assertWhole([...offsets.map((_, index) => index + 1), 8, ...others.map(({ event }) => event.seq)])
  assert.match((await next).value?.event.type ?? '', /^session\.clos/)
  await fromNow.return()
})

for (const live of ['sse', 'long-poll'] as const) {
  test(`a follower by ${live} whose line is cut again and again skips nothing and repeats nothing`, async () => {
    await using line = await openLine(runtime.url)
    const through = createClient({ url: `${line.url}/api`, tenantId })
    const { session_id } = await client.createSession()
    await count(200, session_id)
    const seqs: number[] = []
    let reconnects = 0
    for await (const { event } of through.follow(session_id, { live, onReconnect: () => reconnects++ })) {
      seqs.push(event.seq)
      if (event.seq % 97 === 0) line.cut()
      if (event.type === 'execution.completed') await client.closeSession(session_id)
    }
    assertWhole(seqs)
    assert.ok(seqs.length > 400)
    assert.ok(reconnects > 0, 'the line was cut')
  })
}

test('a follower outlives a killed runtime and goes on where it was', async () => {
  const { session_id } = await client.createSession()
  await count(300, session_id)
  const seqs: number[] = []
  for await (const { event } of client.follow(session_id)) {
    seqs.push(event.seq)
    if (event.seq === 50) await runtime.start()
    if (event.type === 'execution.completed') await client.closeSession(session_id)
  }
  assertWhole(seqs)
})

test('a submission whose answer is lost is sent again with its key and runs once', async () => {
  await using line = await openLine(runtime.url)
  const through = createClient({ url: `${line.url}/api`, tenantId })
  const { session_id } = await client.createSession()
  line.loseAnswers(2)
  const { execution_id } = await through.submit({
    type: 'trial_bench.count',
    sessionId: session_id,
    payload: { to: 1 },
  })
  assert.equal(line.connections(), 3)
  await client.result(execution_id)
  const { items } = await client.executions({ sessionId: session_id })
  assert.deepEqual(
    items.map((execution) => execution.execution_id),
    [execution_id],
  )
})

test('a session whose answer is lost is made once', async () => {
  await using line = await openLine(runtime.url)
  const through = createClient({ url: `${line.url}/api`, tenantId: 'lonely' })
  line.loseAnswers(1)
  const { session_id } = await through.createSession()
  const { items } = await through.sessions()
  assert.deepEqual(
    items.map((session) => session.session_id),
    [session_id],
  )
})

test('when every answer is lost, the outcome is said to be unknown, with the key to ask again', async () => {
  await using line = await openLine(runtime.url)
  const through = createClient({ url: `${line.url}/api`, tenantId, retries: 1 })
  const { session_id } = await client.createSession()
  const intentId = mintIntentId()
  const intent = { type: 'trial_bench.count', sessionId: session_id, payload: { to: 1 }, intentId }
  line.loseAnswers(2)
  await assert.rejects(through.submit(intent), (error: unknown) => {
    assert.ok(error instanceof BiplaneError)
    assert.equal(error.code, 'outcome_unknown')
    assert.ok(error.detail.includes(intentId))
    return true
  })
  const { execution_id } = await through.submit(intent)
  assert.equal((await client.executions({ sessionId: session_id })).items.length, 1)
  assert.equal((await client.result(execution_id)).status, 'completed')
})

test('where nothing listens, the runtime is unavailable and nothing is unknown', async () => {
  const line = await openLine(runtime.url)
  await line[Symbol.asyncDispose]()
  const nobody = createClient({ url: `${line.url}/api`, tenantId, retries: 0 })
  const intent = { type: 'trial_bench.count', sessionId: 'ses_x', payload: {} }
  await assert.rejects(nobody.sessions(), { name: 'BiplaneError', code: 'runtime_unavailable' })
  await assert.rejects(nobody.submit(intent), { name: 'BiplaneError', code: 'runtime_unavailable' })
})

test('a refusal keeps its code, its advice and the fields it is about', async () => {
  const { session_id } = await client.createSession()
  await assert.rejects(
    client.submit({ type: 'trial_bench.count', sessionId: session_id, payload: { to: 'many' } }),
    (error: unknown) => {
      assert.ok(error instanceof BiplaneError)
      assert.deepEqual([error.code, error.status], ['payload_invalid', 422])
      assert.ok(error.advice.length > 0)
      assert.equal(error.errors?.[0]?.path, 'to')
      return true
    },
  )
  await assert.rejects(client.execution('exe_nobody'), { code: 'execution_not_found' })
  await assert.rejects(Array.fromAsync(client.follow('ses_nobody')), { code: 'session_not_found' })
})

test('an address that is neither a runtime nor a gateway is named as such', async () => {
  const wrong = createClient({ url: runtime.url, tenantId })
  await assert.rejects(wrong.sessions(), { code: 'route_not_found' })
})

test('a query is answered with what its realm says', async () => {
  assert.deepEqual(await client.query({ type: 'trial_bench.echo', payload: { text: 'ünï', number: 1.5 } }), {
    text: 'ünï',
    number: 1.5,
  })
})

test('bytes come back as they went in, from memory, a Blob and a stream, whole and by range', async () => {
  const bytes = new TextEncoder().encode('id,name\n1,Ada\n')
  async function* pieces() {
    yield bytes.subarray(0, 4)
    yield bytes.subarray(4)
  }
  const stored = await client.putArtifact(bytes, { mediaType: 'text/csv' })
  assert.equal(stored.size, bytes.length)
  for (const source of [new Blob([bytes]), pieces(), ReadableStream.from(pieces())]) {
    assert.equal((await client.putArtifact(source, { mediaType: 'text/csv' })).artifact_id, stored.artifact_id)
  }
  const whole = await client.getArtifact(stored.artifact_id)
  assert.deepEqual([whole.mediaType, whole.size], ['text/csv', bytes.length])
  assert.equal(await new Response(whole.stream).text(), 'id,name\n1,Ada\n')
  const part = await client.getArtifact(stored.artifact_id, { range: { start: 3, end: 6 } })
  assert.equal(await new Response(part.stream).text(), 'name')
})

test('an upload tells how far it is, from a Blob and a stream, and begins again if its answer is lost', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536))
  const blob = new Blob(Array.from({ length: 32 }, () => bytes))
  const told: number[] = []
  const onProgress = (sentBytes: number) => void told.push(sentBytes)
  for (const source of [blob, blob.stream()]) {
    told.length = 0
    assert.equal((await client.putArtifact(source, { onProgress })).size, blob.size)
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    )
    assert.ok(told.length > 2)
    assert.equal(told.at(-1), blob.size)
  }
  await using line = await openLine(runtime.url)
  line.loseAnswers(1)
  told.length = 0
  const through = createClient({ url: `${line.url}/api`, tenantId })
  assert.equal((await through.putArtifact(blob, { onProgress })).size, blob.size)
  assert.ok(told.indexOf(bytes.length) < told.lastIndexOf(bytes.length), 'it began twice')
})

test('when something in between gives up on a submission, its outcome is unknown', async () => {
  const between = createServer((_request, response) => void response.writeHead(504).end('timed out'))
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  const { port } = between.address() as AddressInfo
  const through = createClient({ url: `http://127.0.0.1:${port}/api`, tenantId, retries: 1 })
  await assert.rejects(through.sessions(), { code: 'runtime_unavailable' })
  await assert.rejects(through.createSession(), { code: 'outcome_unknown' })
  between.closeAllConnections()
  between.close()
})

test('the catalogue is given once and, while its etag is the same, not again', async () => {
  const { capabilities, etag } = await client.capabilities()
  assert.ok(capabilities.some(({ type }) => type === 'trial_bench.count'))
  assert.equal(await client.changedCapabilities(etag), null)
})

test('an execution that sleeps is cancelled, and asking again changes nothing', async () => {
  const { session_id } = await client.createSession()
  const intent = { type: 'trial_bench.sleep', sessionId: session_id, payload: { ms: 600_000 } }
  const { execution_id } = await client.submit(intent)
  await client.cancel(execution_id, { reason: 'changed my mind' })
  assert.equal((await client.result(execution_id)).status, 'cancelled')
  assert.equal((await client.cancel(execution_id)).status, 'cancelled')
})

test('a follower and a wait end with the reason of their signal', async () => {
  const { session_id } = await client.createSession()
  const stop = new AbortController()
  const follower = Array.fromAsync(client.follow(session_id, { signal: stop.signal }))
  stop.abort(new Error('enough'))
  await assert.rejects(follower, /enough/)
})

test('each attempt asks for a token anew, and one that cannot be had is no wrong answer', async () => {
  let asked = 0
  const token = async () => {
    if (++asked === 1) throw new Error('the issuer is away')
    return 'opaque'
  }
  const careful = createClient({ url: `${runtime.url}/api`, tenantId, token })
  await careful.sessions()
  assert.equal(asked, 2)
})

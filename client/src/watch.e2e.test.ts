// What a user interface reads: stores of sessions and executions, and what is said piece by piece; and tokens, while it reads.

import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import type { Execution } from '@biplane/protocol'

import { type Client, type ExecutionSoFar, createClient } from './client.ts'
import { type RuntimeProcess, givenSurroundings, startRuntime, until } from './testing/testing.ts'

const REALM = `
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const echo = intent('talk.echo', { payload: z.object({}), result: z.null(), run: async () => null })
export default defineRealm({
  name: 'talk',
  version: '1',
  capabilities: [
    echo,
    intent('talk.say', {
      payload: z.object({}),
      result: z.object({ said: z.int() }),
      async run(ctx) {
        const words = ctx.stream('words')
        words.write('one')
        words.write('two')
        await ctx.step('think', () => null)
        await ctx.call(echo, {})
        ctx.progress({ done: 2, total: 3 })
        await ctx.approval('go', { title: 'Shall it go on?' })
        words.write('three')
        return { said: 3 }
      },
    }),
    intent('talk.fail', {
      payload: z.object({}),
      result: z.null(),
      async run(ctx) {
        await ctx.step('book', () => null, { undo: () => {} })
        await ctx.step('pay', () => { throw new Error('no money') }, { retry: { times: 0 } })
        return null
      },
    }),
  ],
})
`
const tenantId = 'acme'
/** A runtime takes a token for so much longer. */
const CLOCKS_DIFFER_S = 5
const HEADER = { alg: 'EdDSA', typ: 'biplane+jwt', kid: 'k' }
const keys = generateKeyPairSync('ed25519')
let folder: string
let runtime: RuntimeProcess
let client: Client

/** A token for the runtime that lasts so many seconds. */
function tokenFor(seconds: number): string {
  const now = Math.floor(Date.now() / 1000)
  const who = { iss: 'biplane-gateway', aud: 'biplane-runtime', sub: 'ada', tenant_id: tenantId }
  const claims = { ...who, scope: 'event:read intent:submit', iat: now - 10, exp: now + seconds }
  const text = [HEADER, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign(null, Buffer.from(text), keys.privateKey).toString('base64url')}`
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-watch-'))
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: HEADER.kid, alg: HEADER.alg }
  await writeFile(join(folder, 'key.json'), JSON.stringify(jwk))
  runtime = await startRuntime(REALM, { BIPLANE_AUTH: join(folder, 'key.json') })
  client = createClient({ url: `${runtime.url}/api`, token: tokenFor(600) })
})
after(async () => {
  await runtime[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const bare = ({ steps, children, awaits, status, result, error, compensated }: Execution | ExecutionSoFar) => [
  steps,
  children,
  awaits,
  status,
  result,
  error,
  compensated,
]

test('an execution that is watched is as the runtime says it is, while it waits and at its end', async () => {
  const { execution_id } = await client.submit('talk.say', {})
  const store = client.watchExecution(execution_id)
  assert.deepEqual(store.getSnapshot(), { status: 'connecting', value: null })
  let changes = 0
  const stop = store.subscribe(() => void changes++)
  const waiting = await until('the question', () => {
    const { value, status } = store.getSnapshot()
    return status === 'live' && value?.awaits.length === 1 && value
  })
  assert.deepEqual(bare(waiting), bare(await client.execution(execution_id)))
  assert.deepEqual([waiting.progress, waiting.streams[0]?.chunks], [{ done: 2, total: 3 }, ['one', 'two']])
  const before = changes
  const snapshot = store.getSnapshot()
  assert.equal(store.getSnapshot(), snapshot, 'the same while nothing changes')
  assert.equal(client.watchExecution(execution_id), store, 'the same for whoever asks again')
  await client.approve(execution_id, 'go')
  const ended = await until(
    'its end',
    () => store.getSnapshot().value?.status === 'completed' && store.getSnapshot().value,
  )
  assert.deepEqual(bare(ended as ExecutionSoFar), bare(await client.execution(execution_id)))
  assert.ok(changes > before && ended?.ended_at !== undefined)
  stop()
})

test('one that fails and is taken back is told so', async () => {
  const { execution_id } = await client.submit('talk.fail', {})
  const execution = await client.result(execution_id)
  const store = client.watchExecution(execution_id)
  const stop = store.subscribe(() => {})
  const ended = await until(
    'its end',
    () => store.getSnapshot().value?.status === 'failed' && store.getSnapshot().value,
  )
  assert.deepEqual(bare(ended as ExecutionSoFar), bare(execution))
  assert.deepEqual([execution.compensated, execution.steps.map(({ status }) => status)], [true, ['undone', 'failed']])
  stop()
})

test('a store says that what it is to watch is not there, and of a runtime that is away that it comes back', async () => {
  const nothing = client.watchExecution('exe_nobody')
  nothing.subscribe(() => {})
  const denied = await until('an end', () => nothing.getSnapshot().status !== 'connecting' && nothing.getSnapshot())
  assert.deepEqual([denied.status, denied.value], ['denied', null])
  const away = createClient({ url: 'http://127.0.0.1:9/api', tenantId, retries: 0 }).watchExecution('exe_1')
  const stop = away.subscribe(() => {})
  await until('another attempt', () => away.getSnapshot().retryAt)
  assert.equal(away.getSnapshot().status, 'reconnecting')
  stop()
})

test('a session that is watched goes on when a listener comes back, and is closed with it', async () => {
  const { session_id } = await client.createSession()
  const { surroundings, client: page } = pageOf(async () => tokenFor(600))
  const store = page.watch(session_id)
  const seqs = () => store.getSnapshot().value.map(({ seq }) => seq)
  store.subscribe(() => {})()
  const again = store.subscribe(() => {})
  const subscribed = () => surroundings.sent.filter(({ type }) => type === 'subscribe').length
  // What there is may be read before the socket is open.
  await until('what there is', () => store.getSnapshot().status === 'live' && subscribed() > 0)
  again()
  assert.deepEqual([seqs(), subscribed()], [[1], 1])
  await until('nobody listens', () => surroundings.sent.some(({ type }) => type === 'unsubscribe'))
  await client.result((await client.submit('talk.echo', {}, { sessionId: session_id })).execution_id)
  await client.closeSession(session_id)
  store.subscribe(() => {})
  await until('its end', () => store.getSnapshot().status === 'closed')
  assert.deepEqual(
    seqs(),
    seqs().map((_, index) => index + 1),
  )
  assert.equal(store.getSnapshot().value.at(-1)?.type, 'session.closed')
})

test('whoever joins in the middle of a stream gets all that was said, and then what comes', async () => {
  const { execution_id } = await client.submit('talk.say', {})
  await until('the question', async () => (await client.execution(execution_id)).awaits.length === 1)
  const parts = []
  for await (const { chunks, from } of client.stream(execution_id, { name: 'words' })) {
    parts.push({ chunks, from })
    if (parts.length === 1) await client.approve(execution_id, 'go')
  }
  assert.deepEqual(parts, [
    { chunks: ['one', 'two'], from: 0 },
    { chunks: ['one', 'two', 'three'], from: 2 },
  ])
})

test('a token is renewed on the socket that there is, also if a source of tokens fails at first', async () => {
  const { session_id } = await client.createSession()
  let failures = 0
  const { surroundings, client: page } = pageOf(async () => {
    const isRenewal = surroundings.sent.some(({ type }) => type === 'authenticate')
    if (isRenewal && failures++ === 0) throw new Error('no network')
    return tokenFor(2 - CLOCKS_DIFFER_S)
  })
  const shown = () => surroundings.sent.filter(({ type }) => type === 'authenticate')
  const statuses: string[] = []
  const reading = Array.fromAsync(
    page.follow(session_id, { live: 'shared', onStatus: ({ status }) => statuses.push(status) }),
  )
  await until('a renewal after that', () => shown().length >= 3)
  assert.equal(new Set(shown().map(({ token }) => token)).size, shown().length)
  await client.closeSession(session_id)
  assert.deepEqual(
    (await reading).map(({ event }) => event.seq),
    [1, 2, 3],
  )
  assert.ok(failures > 1)
  assert.deepEqual([surroundings.opened(), statuses.includes('reconnecting')], [1, false])
})

test('a source that gives tokens which do not hold is asked again some times, and then the reader is denied', async () => {
  const { session_id } = await client.createSession()
  let asked = 0
  const { surroundings, client: page } = pageOf(async () => `${++asked}`)
  const statuses: string[] = []
  const onStatus = ({ status }: { status: string }) => {
    statuses.push(status)
    setImmediate(() => surroundings.change('online'))
  }
  await assert.rejects(Array.fromAsync(page.follow(session_id, { onStatus })), { code: 'unauthenticated' })
  assert.deepEqual([asked, statuses.at(-1)], [6, 'denied'])
})

/** A client as in a page, whose surroundings the test holds. */
function pageOf(token: () => Promise<string>) {
  const surroundings = givenSurroundings()
  const page = createClient({ url: `${runtime.url}/api`, token, surroundings })
  return { surroundings, client: page }
}

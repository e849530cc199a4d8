// Who may do what, route by route (docs/protocol.md §4): the list that the server is made from is the list that is tried here.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { WebSocket } from 'ws'

import { TestRuntime } from '../test-runtime.ts'
import type { Access } from './access.ts'
import { SOCKET } from './event-socket.ts'
import { SCOPES } from './principal.ts'
import type { Route } from './route.ts'
import { ROUTES } from './server.ts'
import { tickets } from './testing/ticket-realm.ts'
import { ALL, TokenMint, type Wish } from './testing/token-mint.ts'

let mint: TokenMint
let runtime: TestRuntime
/** Of the tenant acme; the second is another one of it. */
let sessions: { session_id: string; execution_id: string }[]
let artifact_id: string

before(async () => {
  mint = await TokenMint.open()
  runtime = await TestRuntime.start([tickets], { auth: mint.file })
  const mine = await mint.bearer()
  const begin = async () => {
    const { body } = await runtime.call('POST', '/api/session/create', {}, mine)
    const { session_id } = body.session
    const intent = { intent_type: 'tickets.open', realm: 'tickets', session_id, payload: {} }
    const { execution_id } = (await runtime.call('POST', '/api/intent/submit', intent, mine)).body
    return { session_id, execution_id }
  }
  sessions = [await begin(), await begin()]
  const stored = await fetch(`${runtime.url}/api/artifact`, { method: 'POST', body: 'bytes', headers: mine })
  artifact_id = ((await stored.json()) as { artifact_id: string }).artifact_id
})

after(async () => {
  await runtime[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

type Guarded = Route & { access: Access }
const isGuarded = (declared: Route): declared is Guarded => declared.access !== 'anyone'
const guarded = ROUTES.filter(isGuarded)
const nameOf = ({ method, url }: Route) => `${String(method)} ${url}`

/** A request to a route that is about the session `of`, and fits but for who asks. */
async function ask({ method, url, body, bytes }: Route, wish: Wish, of = 0) {
  const { session_id, execution_id } = sessions[of] as (typeof sessions)[0]
  const known: Record<string, string> = { session_id, execution_id, artifact_id, tenant_id: 'acme', '*': 'some/key' }
  const path = url.replace(/:(\w+)|\*/g, (_, name: string | undefined) => known[name ?? '*'] ?? '')
  const headers = await mint.bearer(wish)
  if (bytes) {
    const answer = await fetch(`${runtime.url}${path}`, { method: 'POST', body: 'bytes', headers })
    return { status: answer.status, body: (await answer.json()) as { code?: string; detail?: string } }
  }
  return runtime.call(String(method), path, body === undefined ? undefined : bodyOf(url, session_id), headers)
}

function bodyOf(url: string, session_id: string): object {
  const about = { realm: 'tickets', session_id, payload: {} }
  if (url === '/api/intent/submit') return { intent_type: 'tickets.note', ...about }
  if (url === '/api/query') return { query_type: 'tickets.count', ...about }
  return url.endsWith('/signal') ? { name: 'hello' } : {}
}

test('every route says whom it answers, and only what is public answers anyone', () => {
  const open = ROUTES.filter((declared) => !isGuarded(declared)).map(nameOf)
  assert.deepEqual(open, ['GET /api/capabilities', 'GET /health', 'GET /ready'])
  for (const declared of guarded) assert.ok(SCOPES.includes(declared.access.scope), nameOf(declared))
})

test('without the scope of a route a token is refused there, and told which scope it lacks', async () => {
  for (const declared of guarded) {
    const { scope } = declared.access
    const others = SCOPES.filter((other) => other !== scope).join(' ')
    const { status, body } = await ask(declared, { claims: { scope: others } })
    assert.deepEqual([status, body.code], [403, 'forbidden'], nameOf(declared))
    assert.match(body.detail ?? '', new RegExp(`lacks the scope ${scope}`), nameOf(declared))
  }
})

test('with no other scope than a route’s, a token is let in', async () => {
  for (const declared of guarded.filter(({ url }) => !url.endsWith('/close'))) {
    const { status } = await ask(declared, { claims: { scope: declared.access.scope } })
    assert.ok(status !== 401 && status !== 403, `${nameOf(declared)}: ${status}`)
  }
})

test('what is another tenant’s does not exist, whatever is asked of it', async () => {
  for (const declared of guarded.filter(({ url }) => url.includes(':') || url === '/api/intent/submit')) {
    const { status, body } = await ask(declared, { claims: { tenant_id: 'other' } })
    assert.deepEqual([status, body.code], [404, declared.access.notFound], nameOf(declared))
  }
})

test('a token that is bound to a session reaches that one alone', async () => {
  const [own, other] = sessions as [(typeof sessions)[0], (typeof sessions)[0]]
  const bound = { claims: { session_id: own.session_id } }
  for (const declared of guarded.filter(({ access }) => access.bound !== 'listed')) {
    const { notFound, bound: reach } = declared.access
    const outside = await ask(declared, bound, 1)
    if (reach === 'all') assert.equal(outside.status, declared.answer.status, nameOf(declared))
    else assert.deepEqual([outside.status, outside.body.code], [404, notFound], nameOf(declared))
    if (reach !== 'own' || declared.url.endsWith('/close')) continue
    const inside = await ask(declared, bound, 0)
    assert.notEqual(inside.body.code, notFound, `${nameOf(declared)} of its own session`)
  }
  const headers = await mint.bearer(bound)
  const listed = await runtime.call('GET', '/api/session', undefined, headers)
  assert.deepEqual(
    listed.body.items.map((item: { session_id: string }) => item.session_id),
    [own.session_id],
  )
  const executions = await runtime.call('GET', '/api/execution', undefined, headers)
  const owners = new Set(executions.body.items.map((item: { session_id: string }) => item.session_id))
  assert.deepEqual([...owners], [own.session_id])
  const foreign = await runtime.call('GET', `/api/execution?session_id=${other.session_id}`, undefined, headers)
  assert.deepEqual(foreign.body, { items: [], next: null })
  const unnamed = { query_type: 'tickets.count', realm: 'tickets', payload: {} }
  assert.equal((await runtime.call('POST', '/api/query', unnamed, headers)).status, 404)
})

test('a token with a list of types submits, signals, retries and asks no others', async () => {
  const { session_id, execution_id } = sessions[1] as (typeof sessions)[0]
  const headers = await mint.bearer({ claims: { intents: ['tickets.note'], queries: ['tickets.other'] } })
  const about = { realm: 'tickets', session_id, payload: {} }
  const call = async (path: string, body: object) => {
    const answer = await runtime.call('POST', path, body, headers)
    return [answer.status, answer.body.code ?? null]
  }
  assert.deepEqual(await call('/api/intent/submit', { intent_type: 'tickets.note', ...about }), [202, null])
  const refused: [path: string, body: object][] = [
    ['/api/intent/submit', { intent_type: 'tickets.open', ...about }],
    ['/api/query', { query_type: 'tickets.count', ...about }],
    [`/api/execution/${execution_id}/signal`, { name: 'close', approved: true }],
    [`/api/execution/${execution_id}/retry`, {}],
    [`/api/execution/${execution_id}/fork`, {}],
  ]
  for (const [path, body] of refused) assert.deepEqual(await call(path, body), [403, 'forbidden'], path)
})

test('who may not read is not told the result of what it submits', async () => {
  const { session_id } = sessions[0] as (typeof sessions)[0]
  const body = { intent_type: 'tickets.note', realm: 'tickets', session_id, payload: {} }
  const submit = async (scope: string) =>
    runtime.call('POST', '/api/intent/submit', body, {
      ...(await mint.bearer({ claims: { scope } })),
      prefer: 'wait=5',
    })
  const blind = await submit('intent:submit')
  assert.deepEqual([blind.status, 'result' in blind.body], [202, false])
  assert.equal((await submit(ALL)).body.result, 'noted')
})

test('metrics are for who is told so, and for anybody on open loopback without naming a tenant', async () => {
  const scrape = async (scope: string) =>
    (await runtime.call('GET', '/metrics', undefined, await mint.bearer({ claims: { scope } }))).status
  assert.deepEqual([await scrape('admin'), await scrape('event:read intent:submit execution:operate')], [200, 403])
  await using open = await TestRuntime.start([])
  assert.equal((await open.call('GET', '/metrics')).status, 200)
})

test('a socket is opened by who may read, from here', async () => {
  const { scope } = SOCKET.access
  const open = (headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${runtime.url.replace('http', 'ws')}${SOCKET.url}`, { headers })
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
      socket.on('error', () => {})
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
    })
  const others = SCOPES.filter((other) => other !== scope).join(' ')
  assert.equal(await open(await mint.bearer({ claims: { scope } })), 101)
  assert.equal(await open(await mint.bearer({ claims: { scope: others } })), 403)
  assert.equal(await open(await mint.bearer({ lives_s: -60 })), 401)
  assert.equal(await open({ ...(await mint.bearer()), origin: 'https://evil.example' }), 403)
  assert.equal(await open({ ...(await mint.bearer()), host: 'evil.example' }), 421)
})

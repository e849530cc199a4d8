// Who may do what on the sockets and over MCP, message by message and tool by tool. One that the matrix does not know fails.

import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'

import { SOCKET } from '@biplane/runtime/event-socket'

import { Ears, bearer, codeIn } from './ask.ts'
import { type Credentials, badCredentials } from './credentials.ts'
import { socketsIn } from './doors.ts'
import { type Door, type House, openHouse } from './house.ts'
import { MESSAGES, RESOURCES, type Said, TOOLS } from './messages.ts'
import { Line, upgradeStatus } from './socket.ts'
import { type Things, makeThings, nothingLike, without } from './things.ts'
import { type Fields, SCOPES } from './token.ts'

const ears = new Ears()
let house: House
let acme: Things
let rival: Things
let bad: Record<Door['name'], Credentials>

before(async () => {
  house = await openHouse({ config: 'checks/authority/runtime.config.ts', tenant: 'acme', signIn: true })
  acme = await makeThings(house, ears, 'acme')
  rival = await makeThings(house, ears, 'rival')
  bad = await badCredentials(house, 'acme')
})
after(() => house[Symbol.asyncDispose]())

const headersOf = (tenant_id: string, scope = SCOPES.join(' '), door: Door = house.gateway) =>
  bearer(door.token({ tenant_id, scope }))
const allBut = (needs: string): string => SCOPES.filter((scope) => scope !== needs).join(' ')
const needsScope = ([, { needs }]: [string, Said]): boolean => needs !== 'anyone'

const fetchJson = async <T>(path: string): Promise<T> => (await (await fetch(house.gateway.url + path)).json()) as T

suite('a socket', () => {
  const ofGateway = ['/v1/events', '/v1/socket']
  const addresses = (): [Door, string][] => [
    [house.runtime, SOCKET.url],
    ...ofGateway.map((path): [Door, string] => [house.gateway, path]),
  ]

  test('is opened nowhere that the matrix does not know', async () => {
    assert.deepEqual((await socketsIn(house.gateway)).toSorted(), ofGateway)
    assert.equal(await upgradeStatus(house.gateway.url, '/v1/session', headersOf('acme')), 404)
  })

  test('is not opened by what does not hold; who shows nothing is heard as nobody', async () => {
    for (const [door, path] of addresses()) {
      for (const [what, headers] of bad[door.name]) {
        const status = await upgradeStatus(door.url, path, headers)
        // A browser shows its token once it is open: docs/protocol.md §6 and §10.
        const mayShowLater =
          path !== '/v1/events' && headers['authorization'] === undefined && headers['x-api-key'] === undefined
        assert.equal(status, mayShowLater ? 101 : 401, `${path}: ${what}`)
      }
      assert.equal(await upgradeStatus(door.url, path, headersOf('acme', undefined, door)), 101, path)
    }
    for (const path of ofGateway) {
      const { origin, cookie = '' } = house.signedIn({ tenant_id: 'acme' })
      const statusFrom = (page: object) => upgradeStatus(house.gateway.url, path, { cookie, ...page })
      assert.equal(await statusFrom({ origin }), 101, path)
      assert.equal(await statusFrom({}), 403, `${path}, by nobody knows which page`)
    }
  })

  test('that nobody has shown anything on is told of nothing', async () => {
    using line = await Line.open(house.gateway.url, '/v1/socket', {}, 'nobody', ears)
    for (const [name, said] of Object.entries(MESSAGES).filter(needsScope)) {
      assert.equal(codeIn({ text: await line.ask(messageOf(name, said, acme)) }), 'unauthenticated', name)
    }
    using events = await Line.open(house.runtime.url, SOCKET.url, {}, 'nobody', ears)
    const text = await events.ask({ type: 'subscribe', session_id: acme.session_id, offset: acme.offset })
    assert.equal(codeIn({ text }), 'unauthenticated')
  })

  test('of the log tells another tenant what it tells of a session that does not exist, whatever the offset', async () => {
    for (const [door, path] of addresses()) {
      using line = await Line.open(door.url, path, headersOf('rival', undefined, door), 'rival', ears)
      for (const offset of [acme.offset, '-1', 'now']) {
        const of = async ({ session_id }: Things) => line.ask({ type: 'subscribe', session_id, offset })
        const nothing = nothingLike(acme)
        const theirs = await of(acme)
        assert.equal(codeIn({ text: theirs }), 'session_not_found', path)
        assert.equal(without(theirs, acme), without(await of(nothing), nothing), path)
      }
      const named = await line.ask({ type: 'subscribe', session_id: acme.session_id, tenant_id: 'acme' })
      assert.equal(codeIn({ text: named }), 'session_not_found', path)
    }
  })

  test('goes on with no token of another tenant', async () => {
    for (const [door, path] of addresses()) {
      using line = await Line.open(door.url, path, headersOf('rival', undefined, door), 'rival', ears)
      const token = (path === '/v1/events' ? house.runtime : door).token({ tenant_id: 'acme', sub: 'ada' })
      assert.equal(codeIn({ text: await line.ask({ type: 'authenticate', token }) }), 'forbidden', path)
    }
  })
})

const messageOf = (name: string, { fields }: Said, of: Things) => ({ type: name, id: 'one', ...fields(of) })

suite('the socket of the gateway', () => {
  test('has no message that the matrix does not know', async () => {
    type Operations = Record<string, { action: string }>
    const { operations } = await fetchJson<{ operations: Operations }>('/asyncapi.json')
    const received = Object.keys(operations).filter((name) => operations[name]?.action === 'receive')
    assert.deepEqual(received.toSorted(), Object.keys(MESSAGES).toSorted())
  })

  test('refuses each message to who lacks the scope it needs', async () => {
    for (const [name, said] of Object.entries(MESSAGES).filter(needsScope)) {
      using line = await Line.open(house.gateway.url, '/v1/socket', headersOf('acme', allBut(said.needs)), 'acme', ears)
      const message = messageOf(name, said, acme)
      // It is answered when it is whole.
      if (name === 'upload') line.tell(message)
      const text = await line.ask(name === 'upload' ? { type: 'upload_end', id: 'one' } : message)
      assert.equal(codeIn({ text }), 'forbidden', name)
    }
  })

  test('answers of another tenant’s things as of what does not exist', async () => {
    using line = await Line.open(house.gateway.url, '/v1/socket', headersOf('rival'), 'rival', ears)
    const nothing = nothingLike(acme)
    for (const [name, said] of Object.entries(MESSAGES).filter(([, { hides }]) => hides !== undefined)) {
      const theirs = await line.ask(messageOf(name, said, acme))
      assert.equal(codeIn({ text: theirs }), said.hides, name)
      assert.equal(without(theirs, acme), without(await line.ask(messageOf(name, said, nothing)), nothing), name)
    }
    for (const name of ['list_sessions', 'list_executions']) {
      const listed = await line.ask({ type: name, id: 'one' })
      assert.ok(listed.includes(rival.session_id) && !listed.includes(acme.session_id), name)
    }
  })
})

async function overMcp(tenant: string, headers: Record<string, string>, method: string, params: Fields) {
  const accept = { accept: 'application/json, text/event-stream' }
  const body = { jsonrpc: '2.0', id: 1, method, params }
  return ears.ask(tenant, house.gateway.url, { method: 'POST', path: '/mcp', headers: { ...headers, ...accept }, body })
}

suite('MCP', () => {
  const calls = (): [name: string, method: string, said: Said, params: (of: Things) => Fields][] => [
    ...Object.entries(TOOLS).map(
      ([name, said]) =>
        [name, 'tools/call', said, (of: Things) => ({ name, arguments: said.fields(of) })] satisfies [
          string,
          string,
          Said,
          object,
        ],
    ),
    ...Object.entries(RESOURCES).map(
      ([name, said]) => [name, 'resources/read', said, said.fields] satisfies [string, string, Said, object],
    ),
  ]

  test('has no tool and no resource that the matrix does not know', async () => {
    const namesIn = (text: string, kind: string) => [
      ...((JSON.parse(/\{.*\}/s.exec(text)?.[0] ?? '{}') as Listed).result[kind]?.map(({ name }) => name).toSorted() ??
        []),
    ]
    type Listed = { result: Record<string, { name: string }[]> }
    const tools = await overMcp('acme', headersOf('acme'), 'tools/list', {})
    assert.deepEqual(namesIn(tools.text, 'tools'), Object.keys(TOOLS).toSorted())
    const templates = await overMcp('acme', headersOf('acme'), 'resources/templates/list', {})
    assert.deepEqual(namesIn(templates.text, 'resourceTemplates'), Object.keys(RESOURCES).toSorted())
  })

  test('is for nobody who shows what does not hold', async () => {
    for (const [what, headers] of bad.gateway) {
      for (const [name, method, , params] of calls()) {
        const heard = await overMcp('nobody', headers, method, params(acme))
        assert.deepEqual([heard.status, codeIn(heard)], [401, 'unauthenticated'], `${what}: ${name}`)
      }
    }
  })

  test('does not do what the scope does not allow', async () => {
    for (const [name, method, said, params] of calls()) {
      const heard = await overMcp('acme', headersOf('acme', allBut(said.needs)), method, params(acme))
      assert.equal(codeIn(heard), 'forbidden', `${name}: ${heard.text}`)
    }
  })

  test('answers of another tenant’s things as of what does not exist, and lists none', async () => {
    const nothing = nothingLike(acme)
    for (const [name, method, said, params] of calls()) {
      const theirs = await overMcp('rival', headersOf('rival'), method, params(acme))
      const none = await overMcp('rival', headersOf('rival'), method, params(nothing))
      assert.equal(codeIn(theirs), said.hides, `${name}: ${theirs.text}`)
      assert.deepEqual([theirs.status, without(theirs.text, acme)], [none.status, without(none.text, nothing)], name)
    }
    const { text } = await overMcp('rival', headersOf('rival'), 'resources/list', {})
    assert.ok(text.includes(rival.execution_id) && !text.includes(acme.execution_id))
  })
})

test('neither tenant has heard of the other, and no log of either', async () => {
  const own = await overMcp('acme', headersOf('acme'), 'resources/read', RESOURCES['artifact']?.fields(acme) ?? {})
  assert.ok(own.text.includes(acme.canary), own.text)
  for (const [one, other] of [
    [acme, rival],
    [rival, acme],
  ] as const) {
    assert.ok(!ears.heardBy(one.tenant).includes(other.canary), `${one.tenant} heard of ${other.tenant}`)
    assert.ok(!ears.heardBy('nobody').includes(one.canary))
    assert.ok(!house.printed().includes(one.canary), 'in the log')
  }
})

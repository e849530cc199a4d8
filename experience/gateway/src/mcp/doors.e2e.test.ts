import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { createClient } from '@biplane/client'
import { until } from '@biplane/client/testing'

import { type ExperienceOptions, createExperience } from '../gateway.ts'
import { type House, call, openHouse } from '../testing/house.ts'
import { createMcpSurface } from './mcp.ts'
import { httpAgent } from './testing/agent.ts'
import { BENCH_REALM } from './testing/bench-realm.ts'

let house: House

before(async () => {
  house = await openHouse({ realm: BENCH_REALM, experience: { surfaces: ['mcp'] } })
})
after(() => house[Symbol.asyncDispose]())

/** Another gateway before the same runtime. */
async function openGateway(options: Partial<ExperienceOptions> = {}) {
  const gateway = await createExperience({
    surfaces: ['mcp'],
    port: 0,
    runtimeUrl: house.runtime.url,
    logLevel: 'silent',
    uploadsFolder: join(house.runtime.folder, 'uploads'),
    ...options,
  })
  return { ...gateway, url: await gateway.listen() }
}

const runtimeClient = () => createClient({ url: `${house.runtime.url}/api`, tenantId: 'acme' })
const MCP = '/mcp?tenant_id=acme'
const JSON_RPC = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

test("what is another tenant's is answered as what does not exist", async () => {
  await using acme = await httpAgent(house.url, MCP)
  await using rival = await httpAgent(house.url, '/mcp?tenant_id=rival')
  const { content } = await acme.call('bench_sleep', { ms: 3_600_000, wait_s: 0 })
  const { execution_id, session_id } = content
  const attempts: [tool: string, args: object, code: string][] = [
    ['execution_status', { execution_id }, 'execution_not_found'],
    ['execution_result', { execution_id }, 'execution_not_found'],
    ['execution_cancel', { execution_id }, 'execution_not_found'],
    ['events_read', { session_id }, 'session_not_found'],
    ['bench_count', { to: 1, session_id }, 'session_not_found'],
    ['execution_status', { execution_id, tenant_id: 'acme' }, 'session_not_found'],
  ]
  for (const [tool, args, code] of attempts) {
    const answer = await rival.call(tool, { ...args })
    assert.deepEqual([answer.isError, answer.content.code], [true, code], tool)
  }
  await assert.rejects(rival.client.readResource({ uri: `biplane://execution/${execution_id}` }))
  assert.deepEqual((await rival.client.listResources()).resources, [])
  await acme.call('execution_cancel', { execution_id })
})

test('a connection that names no tenant has its tools ask for one', async () => {
  await using agent = await httpAgent(house.url, '/mcp')
  const { tools } = await agent.client.listTools()
  for (const { inputSchema } of tools) assert.equal(inputSchema.required?.[0], 'tenant_id')
  const without = await agent.call('bench_count', { to: 1 })
  assert.deepEqual([without.isError, without.content.code], [true, 'tenant_required'])
  const named = await agent.call('bench_count', { to: 1, tenant_id: 'acme' })
  assert.deepEqual(named.content.result, { counted: 1 })
  const wrong = await agent.call('bench_count', { to: 1, tenant_id: '?' })
  assert.deepEqual([wrong.isError, wrong.content.code], [true, 'body_invalid'])
})

test('what is not a message of the protocol is refused before anything is done', async () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    call(house.url, 'POST', MCP, body, { ...JSON_RPC, ...headers })
  const cases: [what: string, answer: ReturnType<typeof call>, status: number][] = [
    ['no JSON', post('{'), 400],
    ['nothing', post(undefined), 400],
    ['too deep', post('['.repeat(100)), 400],
    ['too large', post(`"${'x'.repeat(1024 * 1024)}"`), 413],
    ['another media type', post('{}', { 'content-type': 'text/plain' }), 415],
    ['another origin', post('{}', { origin: 'https://evil.example' }), 403],
    ['two tenants', call(house.url, 'POST', `${MCP}&tenant_id=rival`, '{}', JSON_RPC), 400],
    ['a stream of its own', call(house.url, 'GET', MCP), 405],
  ]
  for (const [what, answer, status] of cases) assert.equal((await answer).status, status, what)
})

test('a page of a configured origin may speak it', async () => {
  const origin = 'https://app.example.com'
  await using gateway = await openGateway({ origins: [origin] })
  const preflight = await call(gateway.url, 'OPTIONS', MCP, undefined, {
    origin,
    'access-control-request-method': 'POST',
  })
  const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ') ?? []
  for (const name of ['Mcp-Protocol-Version', 'Mcp-Method', 'Mcp-Name']) assert.ok(allowed.includes(name), name)
})

test('no more calls are under way than the limits say, of one tenant and in all', async () => {
  const surface = createMcpSurface({ tenantCallsMax: 1, callsMax: 2 })
  await using gateway = await openGateway({ surfaces: [surface] })
  await using acme = await httpAgent(gateway.url, MCP)
  await using rival = await httpAgent(gateway.url, '/mcp?tenant_id=rival')
  await using third = await httpAgent(gateway.url, '/mcp?tenant_id=third')
  const { content } = await acme.call('bench_ask')
  const { execution_id } = content
  const { content: theirs } = await rival.call('bench_ask')
  const waiting = [
    acme.call('execution_result', { execution_id }),
    rival.call('execution_result', { execution_id: theirs.execution_id }),
  ]
  await until('both to be counted', async () => (await third.call('bench_echo', { text: '' })).isError)
  for (const agent of [acme, third]) {
    const { isError, content: busy } = await agent.call('bench_echo', { text: '' })
    assert.deepEqual([isError, busy.code], [true, 'overloaded'])
  }
  await runtimeClient().approve(execution_id, 'go')
  await waiting[0]
  assert.equal((await acme.call('bench_echo', { text: 'again' })).content.text, 'again')
  await createClient({ url: `${house.runtime.url}/api`, tenantId: 'rival' }).cancel(theirs.execution_id)
  assert.equal((await waiting[1])?.content.status, 'cancelled')
})

test('a lost connection cancels nothing', async () => {
  await using agent = await httpAgent(house.url, MCP)
  const gone = new AbortController()
  const told: string[] = []
  const lost = agent.call(
    'bench_sleep',
    { ms: 300 },
    {
      signal: gone.signal,
      onprogress({ message = '' }) {
        told.push(message)
        if (message.startsWith('waits until')) gone.abort()
      },
    },
  )
  await assert.rejects(lost)
  const { resources } = await agent.client.listResources()
  const execution_id = resources[0]?.uri.split('/').at(-1)
  const { content } = await agent.call('execution_result', { execution_id })
  assert.equal(content.status, 'completed')
})

test('a gateway that stops lets its calls answer with a handle, which another gateway takes', async () => {
  const first = await openGateway()
  await using second = await openGateway()
  const agent = await httpAgent(first.url, MCP)
  let isWaiting = false
  const onprogress = ({ message = '' }) => (isWaiting ||= message.startsWith('waits'))
  const calling = agent.call('bench_sleep', { ms: 3_600_000 }, { onprogress })
  await until('the call to wait', () => isWaiting)
  await first.close()
  const { isError, content } = await calling
  assert.deepEqual([isError, content.status], [false, 'waiting'])
  await using other = await httpAgent(second.url, MCP)
  const { execution_id } = content
  await other.call('execution_cancel', { execution_id })
  assert.equal((await other.call('execution_result', { execution_id })).content.status, 'cancelled')
})

test('a call whose runtime is gone answers with the handle that it has', async () => {
  await using agent = await httpAgent(house.url, MCP)
  const onprogress = ({ message = '' }) => message.startsWith('waits') && void house.runtime.kill()
  const { isError, content } = await agent.call('bench_sleep', { ms: 3_600_000, wait_s: 0.5 }, { onprogress })
  assert.deepEqual([isError, content.status], [false, 'accepted'])
  assert.match(content.next, /execution_result/)
  const { execution_id } = content
  const away = await agent.call('execution_result', { execution_id })
  assert.deepEqual([away.isError, away.content.code], [true, 'runtime_unavailable'])
  const unsent = await agent.call('bench_count', { to: 1 })
  assert.deepEqual([unsent.isError, unsent.content.code], [true, 'runtime_unavailable'])
  await house.runtime.start()
  await agent.call('execution_cancel', { execution_id })
  const { intent_id } = unsent.content
  assert.equal((await agent.call('bench_count', { to: 1, intent_id })).content.intent_id, intent_id)
})

test('a call comes through a runtime that is killed, and what is new in the catalogue is told', async () => {
  let changes = 0
  const listChanged = { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes++ } }
  await using agent = await httpAgent(house.url, MCP, { versionNegotiation: { mode: 'auto' }, listChanged })
  const told: string[] = []
  const changed = BENCH_REALM.replace('bench.letters', 'bench.spell')
  let restarting: Promise<void> | null = null
  const { content } = await agent.call(
    'bench_count',
    { to: 500 },
    {
      onprogress({ message = '' }) {
        told.push(message)
        if (told.length === 40) restarting = house.runtime.start(changed)
      },
    },
  )
  assert.ok(restarting)
  assert.deepEqual(content.result, { counted: 500 })
  assert.equal(told.filter((message) => message === 'count completed').length, 500)
  await until('the change to be told', () => changes > 0)
  const { tools } = await agent.client.listTools()
  assert.ok(tools.some(({ name }) => name === 'bench_spell'))
})

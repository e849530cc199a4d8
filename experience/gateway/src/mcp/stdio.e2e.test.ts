import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type Client, createClient } from '@biplane/client'
import { type NodeProcess, ROOT, runProcess, startProcess, until } from '@biplane/client/testing'
import type { ClientOptions } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

import { type Agent, connectAgent } from './testing/agent.ts'
import { BENCH_REALM } from './testing/bench-realm.ts'

const REALMS = ['@biplane/realm-content', '@biplane/realm-data-mash', './realm.ts']
const MAIN = 'experience/gateway/src/mcp/main.ts'
const ORDERS = 'order_id,customer_id\n1,7\n2,8\n3,7,extra\n4,9\n'
const CUSTOMERS = 'customer_id,name\n7,Ada\n8,Grace\n8,Grace again\n'

let folder: string
let runtime: NodeProcess
let operator: Client

/** The realms that ship and our own, without a gateway: the process talks to whatever speaks the protocol. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-mcp-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'realm.ts'), BENCH_REALM)
  await writeFile(join(folder, 'runtime.config.ts'), `export default { realms: ${JSON.stringify(REALMS)} }\n`)
  const env = {
    BIPLANE_CONFIG: join(folder, 'runtime.config.ts'),
    BIPLANE_DATA: join(folder, 'data'),
    BIPLANE_LOG: 'error',
    RUNTIME_PORT: '0',
  }
  runtime = await startProcess({ main: 'runtime/src/main.ts', env })
  operator = createClient({ url: `${runtime.url}/api`, tenantId: 'acme' })
})
after(async () => {
  await runtime[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** As an agent's host starts it. */
const hosted = (options?: ClientOptions, url = `${runtime.url}/api`) =>
  connectAgent(
    new StdioClientTransport({
      command: process.execPath,
      args: [ROOT + MAIN, '--tenant', 'acme'],
      env: { BIPLANE_URL: url },
      stderr: 'ignore',
    }),
    options,
  )

test('an agent uploads two tables that do not match, mashes them, and asks the product', async () => {
  await using agent = await hosted()
  let session_id: string | undefined
  const content_ids: string[] = []
  for (const [name, text] of [
    ['orders.csv', ORDERS],
    ['customers.csv', CUSTOMERS],
  ]) {
    const { content } = await agent.call('content_upload', { file: { name, text }, session_id })
    assert.equal(content.status, 'completed')
    session_id = content.session_id
    content_ids.push(content.result.content_id)
  }
  const told: string[] = []
  const onprogress = ({ message = '' }) => void told.push(message)
  const { content, links } = await agent.call('data_mash_create', { content_ids, session_id }, { onprogress })
  assert.equal(content.status, 'completed')
  for (const phase of ['initiated', 'data_quality', 'semantic_interpretation', 'semantic_mapping', 'registered']) {
    assert.ok(told.includes(`data_mash.${phase}`), phase)
  }
  assert.ok(links.length > 0)
  const rows = await agent.call('data_mash_query', { product_id: content.result.product_id })
  assert.equal(rows.isError, false)
  assert.equal(rows.content.rows.length, 3)
})

for (const [era, options] of [
  ['of 2026', undefined],
  ['of the years before', {}],
] as const) {
  test(`a call that a host ${era} cancels has its execution cancelled; one whose host has gone goes on`, async () => {
    const agent = await hosted(options)
    const cancelled = await sleeping(agent, (stop) => stop.abort('the person changed their mind'))
    const ended = await operator.result(cancelled)
    assert.equal(ended.status, 'cancelled')
    const { events } = await operator.events(ended.session_id)
    const cancelling = events.find(({ type }) => type === 'execution.cancelling')
    assert.match(JSON.stringify(cancelling?.data), /the person changed their mind/)

    const left = await sleeping(agent, () => void agent.client.close())
    assert.equal((await operator.executionStatus(left)).status, 'waiting')
    await operator.cancel(left)
  })
}

/** Begins to sleep, and does `then` once that has begun. Answers with the execution, whose call came to nothing. */
async function sleeping(agent: Agent, then: (stop: AbortController) => void): Promise<string> {
  const stop = new AbortController()
  const { items } = await operator.executions()
  const calling = agent.call('bench_sleep', { ms: 3_600_000 }, { signal: stop.signal })
  const asleep = await until('an execution to sleep', async () => {
    const [latest] = (await operator.executions()).items
    return latest?.execution_id !== items[0]?.execution_id && latest?.status === 'waiting' && latest
  })
  then(stop)
  await assert.rejects(calling)
  return asleep.execution_id
}

test('it starts while the runtime is away, and tells when there are tools', async () => {
  const door = createServer((near) => {
    const far = connect(Number(new URL(runtime.url).port), '127.0.0.1')
    near.pipe(far).on('error', () => near.destroy())
    far.pipe(near).on('error', () => far.destroy())
  })
  const open = (port: number) => once(door.listen(port, '127.0.0.1'), 'listening')
  await open(0)
  const { port } = door.address() as AddressInfo
  door.close()
  let changes = 0
  const listChanged = { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes++ } }
  await using agent = await hosted({ listChanged }, `http://127.0.0.1:${port}/api`)
  await assert.rejects(agent.client.listTools(), /has not been reached/)
  const { isError, content } = await agent.call('bench_sleep', { ms: 0 })
  assert.deepEqual([isError, content.code], [true, 'runtime_unavailable'])
  await open(port)
  await until('the tools to be told of', () => changes > 0)
  assert.equal((await agent.call('bench_sleep', { ms: 0 })).content.status, 'completed')
  door.close()
})

test('told to stop, it lets its calls answer with what they know', async () => {
  await using agent = await hosted()
  const { pid } = agent.client.transport as StdioClientTransport
  const onprogress = ({ message = '' }) => message.startsWith('waits') && void process.kill(pid ?? 0, 'SIGTERM')
  const { isError, content } = await agent.call('bench_sleep', { ms: 3_600_000 }, { onprogress })
  assert.deepEqual([isError, content.status], [false, 'waiting'])
  await operator.cancel(content.execution_id)
})

test('it ends with its host, and with what only a person can mend', async () => {
  const child = spawn(process.execPath, [ROOT + MAIN], { env: { BIPLANE_URL: `${runtime.url}/api` }, stdio: 'pipe' })
  child.stdin.end()
  assert.deepEqual(await once(child, 'exit'), [0, null])
  const wrong: [args: string[], says: RegExp][] = [
    [['--url', 'runtime:8000'], /runtime:8000 is not an address/],
    [['--colour'], /--colour/],
  ]
  const ended = wrong.map(async ([args, says]) => {
    const { code, printed } = await runProcess({ main: MAIN, args })
    assert.equal(code, 2)
    assert.match(printed, says)
    assert.doesNotMatch(printed, / {4}at /, 'no stack')
  })
  await Promise.all(ended)
})

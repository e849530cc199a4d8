// The whole of a piece of work on one WebSocket of a gateway that has nothing else: files, a mash, an approval, questions, and a
// runtime that is killed in between. All that is said either way is what /asyncapi.json says.

import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type NodeProcess, startProcess, until } from '@biplane/client/testing'
import type { Capability, Event, Execution } from '@biplane/protocol'

import { type AsyncApiDocument, faultsOf, lostReferences, messageReader } from './asyncapi-document.ts'
import { type Plane, json, killNow, startRuntime, stop } from './planes.ts'
import { ROOT } from './repository.ts'

const ORDERS = 'order_id,customer_id\n1,7\n2,8\n3,7,extra\n4,9\n'
const CUSTOMERS = 'customer_id,name\n7,Ada\n8,Grace\n8,Grace again\n'
const WAIT_MS = 30_000
const ASK = `
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'
export default defineRealm({ name: 'desk', version: '1', capabilities: [
  intent('desk.ask', {
    payload: z.object({ title: z.string(), sizes: z.tuple([z.string(), z.number()]).optional() }),
    result: z.object({ reason: z.string().nullable() }),
    example: { title: 'May it go out?' },
    async run(ctx, { title }) {
      const { reason } = await ctx.approval('release', { title })
      return { reason: reason ?? null }
    },
  }),
] })
`

let folder: string
let runtime: Plane
let gateway: NodeProcess

const runtimeAt = (port: string) =>
  startRuntime(folder, { BIPLANE_CONFIG: join(folder, 'runtime.config.ts'), RUNTIME_PORT: port })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-socket-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'desk.ts'), ASK)
  const realms = ['@biplane/realm-content', '@biplane/realm-data-mash', './desk.ts']
  await writeFile(join(folder, 'runtime.config.ts'), `export default { realms: ${JSON.stringify(realms)} }`)
  runtime = await runtimeAt('0')
  gateway = await startProcess({
    main: 'experience/gateway/src/main.ts',
    args: ['--only', 'websocket'],
    env: { RUNTIME_URL: runtime.url, GATEWAY_PORT: '0', BIPLANE_LOG: 'error' },
  })
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await stop(runtime)
  await rm(folder, { recursive: true })
})

interface Said {
  type: string
  id?: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  [field: string]: any
}

/** One socket of the gateway, all that was said on it, and by which names the document has it. */
class Line {
  readonly #socket: WebSocket
  readonly said: { name: string; message: Said }[] = []
  readonly heard: Said[] = []
  /** By id: what the document calls the request. */
  readonly #asked = new Map<string, string>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Said
      this.heard.push(message)
      this.said.push({ name: this.#nameOf(message), message })
    })
  }

  static async open(url: string): Promise<Line> {
    const line = new Line(new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, 'biplane.v1'))
    await new Promise((resolve) => line.#socket.addEventListener('open', resolve))
    return line
  }

  say(message: Said): void {
    const name = message['intent_type'] ?? message['query_type'] ?? message.type
    if (message.id !== undefined) this.#asked.set(message.id, name)
    this.said.push({ name, message })
    this.#socket.send(JSON.stringify(message))
  }

  async ask(message: Said, type?: string): Promise<Said> {
    const id = message.id ?? `q${this.said.length}`
    this.say({ ...message, id })
    const isIt = (one: Said) => one.id === id && (type === undefined || one.type === type || one.type === 'error')
    const answer = await until(`the answer to ${message.type}`, () => this.heard.find(isIt))
    assert.notEqual(answer.type, 'error', JSON.stringify(answer))
    return answer
  }

  async upload(name: string, text: string): Promise<unknown> {
    this.say({ type: 'upload', id: name, name, size: Buffer.byteLength(text) })
    for (const piece of text.match(/.{1,9}/gs) ?? []) {
      this.#socket.send(Buffer.concat([Buffer.of(name.length), Buffer.from(name + piece)]))
    }
    this.say({ type: 'upload_end', id: name })
    return (await until(`${name} to be stored`, () => this.heard.find((one) => one.id === name)))['artifact']
  }

  events(): Event[] {
    return this.heard.filter(({ type }) => type === 'event').map((one) => one['event'] as Event)
  }

  close(): void {
    this.#socket.close()
  }

  #nameOf({ type, id }: Said): string {
    const asked = this.#asked.get(id ?? '') ?? ''
    return type === 'ended' || type === 'answer' ? `${asked}.${type}` : type
  }
}

const documentAt = (url: string) => json<AsyncApiDocument>(`${url}/asyncapi.json`)

test('files, a mash, an approval and questions on one socket, across a killed runtime, as its document has it', async () => {
  const line = await Line.open(gateway.url)
  line.say({ type: 'hello', id: 'hello', tenant_id: 'acme' })
  const { session_id } = (await line.ask({ type: 'create_session' }))['answer'].session
  line.say({ type: 'subscribe', session_id })
  const files = await Promise.all([line.upload('orders.csv', ORDERS), line.upload('customers.csv', CUSTOMERS)])
  const content_ids = []
  for (const file of files) {
    const upload = { type: 'submit', intent_type: 'content.upload', session_id, payload: { file }, wait_ms: WAIT_MS }
    content_ids.push((await line.ask(upload, 'ended'))['result'].content_id)
  }
  const create = { type: 'submit', intent_type: 'data_mash.create', session_id, payload: { content_ids } }
  const mashed = await line.ask({ ...create, wait_ms: WAIT_MS }, 'ended')
  assert.equal(mashed['status'], 'completed')
  const payload = { product_id: mashed['result'].product_id }
  const { answer } = await line.ask({ type: 'query', query_type: 'data_mash.query', payload })
  assert.equal(answer.rows.length, 3)

  const asked = await line.ask({ type: 'submit', intent_type: 'desk.ask', session_id, payload: { title: 'Out?' } })
  const { execution_id } = asked
  await until('the question', () => line.events().some(({ type }) => type === 'signal.awaited'))
  await line.ask({ type: 'approve', execution_id, name: 'release', approved: true, reason: 'it adds up' })
  const isEnd = (id: unknown) => (event: Event) => event.subject === id && event.type === 'execution.completed'
  await until('the end', () => line.events().some(isEnd(execution_id)))
  const { execution } = (await line.ask({ type: 'get_execution', execution_id }))['answer'] as { execution: Execution }
  assert.deepEqual(execution.result, { reason: 'it adds up' })

  const again = await line.ask({ ...create, idempotency_key: 'second' })
  await killNow(runtime)
  runtime = await runtimeAt(new URL(runtime.url).port)
  await until('the end of what was killed', () => line.events().some(isEnd(again['execution_id'])))
  await until('the runtime to be back', async () => (await fetch(`${gateway.url}/ready`)).ok)
  const kept = await line.ask({ ...create, idempotency_key: 'second' })
  assert.equal(kept['execution_id'], again['execution_id'], 'the key finds it')
  await line.ask({ type: 'close_session', session_id })
  await until('the end of the log', () => line.heard.some(({ type }) => type === 'closed'))
  const seqs = line.events().map(({ seq }) => seq)
  assert.ok(seqs.length > 40)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
  line.close()

  const faultsIn = messageReader(await documentAt(gateway.url))
  assert.deepEqual(
    line.said.flatMap(({ name, message }) => faultsIn(name, message)),
    [],
  )
  assert.ok(new Set(line.said.map(({ name }) => name)).size > 15)
  assert.notDeepEqual(faultsIn('data_mash.create', { ...create, id: 'x', payload: {} }), [])
})

test('the documents of both sockets are what the official schema of AsyncAPI 3.0 takes', async () => {
  for (const url of [gateway.url, runtime.url]) {
    const document = await documentAt(url)
    assert.deepEqual(faultsOf(document), [])
    assert.deepEqual(lostReferences(document), [])
    for (const [name, { address }] of Object.entries(document.channels)) assert.match(address, /^\/(v1|api)\//, name)
  }
  assert.notDeepEqual(faultsOf({ ...(await documentAt(gateway.url)), channels: [] }), [], 'it can be wrong')
})

test('the document of the gateway has each capability, with an example that fits', async () => {
  const document = await documentAt(gateway.url)
  const faultsIn = messageReader(document)
  const { capabilities } = await json<{ capabilities: Capability[] }>(`${runtime.url}/api/capabilities`)
  for (const { type, kind } of capabilities) {
    assert.deepEqual(document.operations[type]?.action, 'receive', type)
    const replies = document.operations[type]?.reply?.messages.map(({ $ref }) => $ref.split('/').at(-1))
    assert.ok(replies?.includes(kind === 'intent' ? `${type}.ended` : `${type}.answer`), type)
  }
  const examples = Object.entries(document.components.messages).flatMap(([name, { examples = [] }]) =>
    examples.map(({ payload }) => ({ name, payload })),
  )
  assert.ok(examples.length > 0)
  assert.deepEqual(
    examples.flatMap(({ name, payload }) => faultsIn(name, payload)),
    [],
  )
})

test('a gateway with the socket alone has no REST', async () => {
  for (const path of ['/v1/content/upload', '/v1/session', '/v1/events', '/openapi.json']) {
    assert.equal((await fetch(`${gateway.url}${path}`)).status, 404, path)
  }
  assert.equal((await fetch(`${gateway.url}/health`)).status, 200)
})

// docs/client.md is true: its modules compile, and each does what is said of it, in front of a gateway and a runtime.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { createClient } from '@biplane/client'
import { startProcess } from '@biplane/client/testing'
import type { AcceptedIntent, EndedIntent } from '@biplane/protocol'

import { TSC } from './compiler.ts'
import { fencesOf } from './markdown.ts'
import { type Plane, startGateway, startRuntime, stop } from './planes.ts'
import { ROOT } from './repository.ts'

/** A reader's own program, which calls what the page wrote. */
const PROGRAM = `
import { GET, POST } from './app/orders/route.ts'
import { client } from './biplane.ts'
import { ofThisOrigin, show, withToken } from './page.ts'
import { showProgress } from './progress.ts'
import { bookReceipts } from './receipts.ts'

const answer = async (response: Response) => ({ status: response.status, body: (await response.json()) as unknown })
const send = async (order: object) =>
  answer(await POST(new Request('http://app.example/orders', { method: 'POST', body: JSON.stringify(order) })))
const first = await send({ sku: 'pen', count: 3, key: 'form-1' })
const second = await send({ sku: 'pen', count: 3, key: 'form-1' })
const refused = await send({ sku: '', count: 3, key: 'form-2' })

const { session_id: ordered } = first.body as { session_id: string }
const follow = (headers = {}) => GET(new Request('http://app.example/orders?session=' + ordered, { headers })).text()
const whole = await follow()
const [, second_id = ''] = [...whole.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
const rest = await follow({ 'last-event-id': second_id })

let asked = 0
const gateway = process.env['GATEWAY_URL'] ?? ''
const pages = [ofThisOrigin(gateway), withToken(gateway, async () => 'token-' + ++asked)]
const refusals = await Promise.all(pages.map((page) => page.createSession().then(() => '', ({ code }: { code: string }) => code)))

const { session_id } = await client.createSession()
const lines: string[] = []
const shown = show(client, session_id, (text) => lines.push(text))
const { execution_id } = await client.submit('shop.order', { sku: 'pen' }, { sessionId: session_id })
const progress: string[] = []
await new Promise<void>((resolve) => {
  const stop = showProgress(client, execution_id, (line) => {
    progress.push(line)
    if (line.startsWith('completed')) resolve(stop())
  })
})
await client.closeSession(session_id)
await shown

const booked: string[] = []
/** Until there is another receipt, and then as one whose program ends there. */
const bookOne = async (offset: string) => {
  const kept = [offset]
  const book = (receipt: string) => void booked.push(receipt)
  const keep = (behind: string) => {
    kept.push(behind)
    if (booked.length > before) throw new Error('enough')
  }
  const before = booked.length
  await bookReceipts({ offset, book, keep }, AbortSignal.timeout(20_000)).catch(() => {})
  return kept.at(-1) ?? offset
}
const behindOne = await bookOne('-1')
await bookOne(behindOne)
console.log(JSON.stringify({ first, second, refused, whole, rest, refusals, asked, lines, progress, booked }))
`

interface Told {
  first: { status: number; body: unknown }
  second: { status: number; body: unknown }
  refused: { status: number; body: unknown }
  whole: string
  rest: string
  refusals: string[]
  asked: number
  lines: string[]
  progress: string[]
  booked: string[]
}

const run = promisify(execFile)
let folder: string
let runtime: Plane
let gateway: Plane
let told: Told

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-client-guide-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const config = { extends: join(ROOT, 'tsconfig.json'), include: ['**/*.ts'], exclude: ['node_modules'] }
  const files = {
    'package.json': '{"type": "module"}',
    'tsconfig.json': JSON.stringify(config),
    'runtime.config.ts': "export default { realms: ['./shop.ts'] }\n",
    ...(await modulesOf('docs/client.md')),
    'program.ts': PROGRAM,
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(folder, 'runtime.config.ts') })
  gateway = await startGateway(runtime.url, { BIPLANE_UPLOADS: join(folder, 'uploads') })
  const env = { ...process.env, GATEWAY_URL: gateway.url }
  const { stdout } = await run(process.execPath, [join(folder, 'program.ts')], { env })
  told = JSON.parse(stdout) as Told
})
after(async () => {
  await stop(gateway)
  await stop(runtime)
  await rm(folder, { recursive: true })
})

/** The modules of a page by the names that they begin with. */
async function modulesOf(page: string): Promise<Record<string, string>> {
  const fences = fencesOf(await readFile(join(ROOT, page), 'utf8'), 'ts')
  return Object.fromEntries(fences.map((text) => [/^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? assert.fail(text), text]))
}

test('the modules compile', async () => {
  const compiled = run(process.execPath, [...TSC, '-p', folder])
  await compiled.catch((error: unknown) => assert.fail((error as { stdout: string }).stdout))
})

test('a script orders and asks, without the realm that it has the types of', async () => {
  const alone = await mkdtemp(join(tmpdir(), 'biplane-client-alone-'))
  await symlink(join(ROOT, 'node_modules'), join(alone, 'node_modules'))
  for (const name of ['package.json', 'biplane.ts', 'place-order.ts']) {
    await writeFile(join(alone, name), await readFile(join(folder, name)))
  }
  const env = { ...process.env, GATEWAY_URL: gateway.url }
  const { stdout } = await run(process.execPath, [join(alone, 'place-order.ts')], { env })
  await rm(alone, { recursive: true })
  assert.match(stdout, /^[0-9a-f-]{36}\n7 left\n$/)
})

test('route handlers order once however often the form is sent, and tell what is wrong with it', () => {
  const { first, second, refused } = told
  assert.equal(first.status, 202)
  assert.deepEqual(second, first)
  const { code, errors } = refused.body as { code: string; errors: { path: string }[] }
  assert.deepEqual([refused.status, code, errors[0]?.path], [422, 'payload_invalid', 'sku'])
})

test('a browser that follows an order comes back with the id of its last event, and gets the rest', () => {
  const { whole, rest } = told
  const idsOf = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  assert.match(whole, /event: shop\.ordered\ndata: \{"sku":"pen","count":3\}/)
  assert.deepEqual(idsOf(rest), idsOf(whole).slice(2))
})

test('an Express app waits for outcomes, has people decide, and passes files through', async () => {
  const main = relative(ROOT, join(folder, 'server.ts'))
  await using app = await startProcess({ main, env: { GATEWAY_URL: gateway.url } })
  const post = async <T>(path: string, body?: string): Promise<T> => {
    const response = await fetch(app.url + path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    return (await response.json()) as T
  }
  assert.equal((await post<{ count: number }>('/orders/book?count=2')).count, 2)
  const { execution_id, status } = await post<AcceptedIntent>('/orders/book?count=20')
  assert.equal(status, 'accepted')
  await post(`/orders/${execution_id}/approve`)
  const client = createClient({ url: `${gateway.url}/v1`, tenantId: 'acme' })
  assert.equal((await client.result(execution_id)).status, 'completed')
  assert.deepEqual((await post<EndedIntent>('/invoices', 'x'.repeat(300_000))).result, { bytes: 300_000 })
})

test('what follows the orders of all sessions books each once, and goes on behind the one it booked last', () => {
  const { booked } = told
  assert.deepEqual([booked.length, new Set(booked).size], [2, 2])
})

test('a page says who asks, and shows what happens until the session is over', () => {
  const { refusals, asked, lines } = told
  assert.deepEqual(refusals, ['tenant_required', 'tenant_required'])
  assert.equal(asked, 1)
  assert.ok(lines.includes('shop.ordered'))
  assert.equal(lines.at(-1), 'session.closed')
  assert.match(told.progress.at(-1) ?? '', /^completed, \d+ steps so far$/)
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { createClient } from './client.ts'
import { type RuntimeProcess, runProcess, startRuntime } from './testing/testing.ts'

/** A client is given its types alone: where the program runs, loading it would be an error. */
const REALM = `
import { TerminalError, artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

if (process.env['IS_CLIENT']) throw new Error('the realm was loaded by a client')

const place = intent('orders.place', {
  payload: z.object({ sku: z.string(), count: z.int().positive().default(1) }),
  result: z.object({ receipt: z.string(), count: z.int() }),
  run: async (ctx, { sku, count }) => {
    if (sku === 'none') throw new TerminalError('orders.sold_out', 'Sold out')
    return { receipt: ctx.uuid(), count }
  },
})
const scan = intent('orders.scan', { payload: z.object({ file: artifact() }), result: z.null(), run: async () => null })
const stock = query('orders.stock', {
  payload: z.object({ sku: z.string().optional() }),
  result: z.object({ left: z.int() }),
  run: async () => ({ left: 7 }),
})

export const orders = defineRealm({ name: 'orders', version: '1', capabilities: [place, scan, stock] })
export default orders
`

const OTHER_REALM = `
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

export const parcels = defineRealm({ name: 'parcels', version: '1', capabilities: [
  intent('parcels.send', { payload: z.strictObject({ grams: z.int() }), result: z.int(), run: async (_ctx, { grams }) => grams }),
] })
`

const OPENING = `
import { type BiplaneError, type Client, createClient } from '@biplane/client'
import type { orders } from './realm.ts'
import type { parcels } from './parcels.ts'

const options = { url: process.argv[2] ?? '', tenantId: 'acme' }
const client = createClient<typeof orders>(options)
`

const PROGRAM = `${OPENING}
const done = await client.submit('orders.place', { sku: 'book', count: 2 }, { waitSeconds: 10 })
const count: number | null = done.status === 'completed' ? done.result.count : null
const { session_id, execution_id } = await client.submit({ type: 'orders.place', payload: { sku: 'pen' } })
const ended = await client.result(execution_id)
const receipt: string = ended.status === 'completed' ? ended.result.receipt : ''
const failed = await client.submit('orders.place', { sku: 'none' }, { sessionId: session_id })
const { status, error } = await client.result(failed.execution_id)
const { left }: { left: number } = await client.query('orders.stock', {})
await client.query({ type: 'orders.stock', payload: { sku: 'book' } })

const both = createClient<typeof orders | typeof parcels>(options)
export const send = async (): Promise<number | null> => {
  const sent = await both.result((await both.submit('parcels.send', { grams: 1 })).execution_id)
  return sent.status === 'completed' ? sent.result + 1 : null
}

export const receipts = async function* () {
  const filter = { type: ['execution.completed', 'orders.shipped'] } as const
  for await (const { event } of client.follow(session_id, { filter })) {
    const shipped: 'orders.shipped' | null = event.kind === 'emitted' ? event.type : null
    yield event.type === 'execution.completed' && event.data.result !== null ? event.data.result.receipt : shipped
  }
}
export const ordinals = client.watchTenant({ filter: { kind: ['step', 'timer'] } }).getSnapshot().value.map(({ data }) => data.ordinal)
const types: string[] = ['execution.completed']
export const any = async () => {
  for await (const { event } of client.followTenant({ filter: { type: types } })) if (event.kind === 'session') break
}

const loose: Client = client
const refused = await loose.submit('orders.place', { sku: 1 }).catch(({ code }: BiplaneError) => code)
await loose.query<{ left: number }>('orders.stock', {})
const { result: known } = await loose.result(String(execution_id))

const inOneSession = failed.session_id === session_id
console.log(JSON.stringify({ count, receipt, status, error, left, refused, known, inOneSession }))
`

/** Each line that says \`wrong\` is one that the compiler must refuse, and no other is. */
const WRONG = `${OPENING}
await client.submit('orders.place', { sku: 1 }) // wrong: another type
await client.submit('orders.place', { skuu: 'book' }) // wrong: no such field
await client.submit('orders.place', { sku: 'book', note: '' }) // wrong: one field more
await client.submit('orders.place', {}) // wrong: a field is missing
await client.submit('orders.plaice', { sku: 'book' }) // wrong: no such type
await client.submit('orders.stock', {}) // wrong: a query
await client.submit('parcels.send', { grams: 1 }) // wrong: of a realm that was not named
await client.submit({ type: 'orders.place', payload: { sku: 1 } }) // wrong: another type
await client.submit('orders.scan', { file: 'book.pdf' }) // wrong: not a reference to bytes
await client.query('orders.place', { sku: 'book' }) // wrong: an intent
await client.query('orders.stock', { sku: 1 }) // wrong: another type
const { execution_id } = await client.submit('orders.place', { sku: 'book' })
const ended = await client.result(execution_id)
if (ended.status === 'completed') console.log(ended.result.count, ended.result.price) // wrong: no such field
if (ended.status === 'failed') console.log(ended.error?.code, ended.result.count) // wrong: no result
console.log((await client.query('orders.stock', {})).right) // wrong: no such field
const filter = { kind: ['step'] } as const
for await (const { event } of client.followTenant({ filter })) console.log(event.data.result) // wrong: no step has a result
for await (const { event } of client.follow('', { filter })) if (event.kind === 'saga') break // wrong: it lets none through
client.watch('', { filter: { kind: ['steps'] } }) // wrong: no such kind
const both = createClient<typeof orders | typeof parcels>(options)
await both.submit('parcels.send', { sku: 'book' }) // wrong: the payload of the other realm
`

const COMPILER_OPTIONS = {
  target: 'esnext',
  module: 'nodenext',
  types: ['node'],
  noEmit: true,
  strict: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}

let runtime: RuntimeProcess

before(async () => {
  runtime = await startRuntime(REALM)
  const files = {
    'parcels.ts': OTHER_REALM,
    'program.ts': PROGRAM,
    'wrong.ts': WRONG,
    'package.json': JSON.stringify({ type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['program.ts', 'wrong.ts'] }),
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(runtime.folder, name), text)))
})
after(() => runtime[Symbol.asyncDispose]())

test('with the types of realms the compiler refuses every intent, query and result that they do not know, and nothing else', async () => {
  const { printed } = await runProcess({ main: 'node_modules/typescript/bin/tsc', args: ['-p', runtime.folder] })
  const refused = [...printed.matchAll(/([\w.]+)\((\d+),\d+\): error/g)].map(([, file, line]) => `${file}:${line}`)
  const wrong = WRONG.split('\n').flatMap((line, i) => (line.includes('// wrong') ? [`wrong.ts:${i + 1}`] : []))
  assert.deepEqual([...new Set(refused)].sort(), wrong.sort(), printed)
})

test('a typed client runs without its realms, and makes a session for an intent that names none', async () => {
  const env = { ...process.env, IS_CLIENT: '1' }
  const program = [join(runtime.folder, 'program.ts'), `${runtime.url}/api`]
  const { stdout } = await promisify(execFile)(process.execPath, program, { env })
  const { receipt, ...told } = JSON.parse(stdout) as Record<string, unknown>
  assert.match(String(receipt), /^[0-9a-f-]{36}$/)
  assert.deepEqual(told, {
    count: 2,
    status: 'failed',
    error: { code: 'orders.sold_out', message: 'Sold out' },
    left: 7,
    refused: 'payload_invalid',
    known: { receipt, count: 1 },
    inOneSession: true,
  })
})

test('an intent without a session that is sent again with its key finds the session of the first time', async () => {
  const client = createClient({ url: `${runtime.url}/api`, tenantId: 'again' })
  const send = () => client.submit('orders.place', { sku: 'book' }, { idempotencyKey: 'order-7' })
  assert.deepEqual(await send(), await send())
  assert.equal((await client.sessions()).items.length, 1)
})

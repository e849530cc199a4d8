// A client that is generated from the document: by other people's tools, and for teams that cannot import a realm's types.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { ROOT } from '@biplane/client/testing'
import openapiTS, { type OpenAPI3, astToString } from 'openapi-typescript'

import { type House, openHouse } from '../../testing/house.ts'

const OPENING = `
import createClient from 'openapi-fetch'
import type { paths } from './api.ts'

const api = createClient<paths>({ baseUrl: process.argv[2] ?? '' })
const tenant_id = 'acme'
`

const PROGRAM = `${OPENING}
const wait = { header: { Prefer: 'wait=10' } }
const counted = await api.POST('/v1/trial-bench/count', { params: wait, body: { tenant_id, to: 3 } })
const { data } = counted
const count: number | null = data !== undefined && data.status === 'completed' ? data.result.counted : null

const echoed = await api.GET('/v1/trial-bench/echo', { params: { query: { tenant_id, text: 'ünï', tags: ['a', 'b'] } } })
const nested = await api.POST('/v1/trial-bench/nested', { body: { tenant_id, where: { x: 1 } } })

const bytes = new Blob(['id\\n1\\n'], { type: 'text/csv' })
const form = new FormData()
form.append('tenant_id', tenant_id)
form.append('file', bytes, 'orders.csv')
const kept = await api.POST('/v1/trial-bench/keep', {
  params: wait,
  body: { file: '' },
  bodySerializer: () => form,
})
const stored = await api.POST('/v1/artifact', {
  params: { query: { tenant_id } },
  body: '',
  bodySerializer: () => bytes,
  headers: { 'content-type': 'text/csv' },
})

const { data: asked } = await api.POST('/v1/trial-bench/ask', { body: { tenant_id } })
const execution_id = asked?.execution_id ?? ''
const one = { params: { path: { execution_id } } }
await api.POST('/v1/execution/{execution_id}/signal', { ...one, body: { tenant_id, name: 'go', approved: true } })
const read = () => api.GET('/v1/execution/{execution_id}', { params: { path: { execution_id }, query: { tenant_id } } })
let execution = (await read()).data?.execution
while (execution?.status !== 'completed') execution = (await read()).data?.execution

const refused = await api.POST('/v1/trial-bench/count', { body: { tenant_id, to: 0 } })
const code = refused.error?.code
const isMisfit: boolean = code === 'payload_invalid'
const pages = await api.GET('/v1/execution', { params: { query: { tenant_id, limit: 2, status: 'completed' } } })

console.log(JSON.stringify({
  count,
  echoed: echoed.data,
  nested: nested.data,
  kept: kept.data?.status === 'completed' ? kept.data.result.name : null,
  size: stored.data?.size,
  steps: execution.steps.map(({ name }) => name),
  isMisfit,
  field: refused.error?.errors?.[0]?.path,
  items: pages.data?.items.length,
}))
`

/** Each line that says \`wrong\` is one that the compiler must refuse, and no other is. */
const WRONG = `${OPENING}
await api.POST('/v1/trial-bench/count', { body: { tenant_id, to: 'three' } }) // wrong: a text
await api.POST('/v1/trial-bench/count', { body: { tenant_id } }) // wrong: a field is missing
await api.POST('/v1/trial-bench/counts', { body: { tenant_id, to: 3 } }) // wrong: no such address
await api.GET('/v1/trial-bench/nested', {}) // wrong: no such method
await api.GET('/v1/execution', { params: { query: { status: 'done' } } }) // wrong: no such status
const { error } = await api.POST('/v1/trial-bench/count', { body: { tenant_id, to: 3 } })
console.log(error?.code === 'payload_wrong') // wrong: no such code
`

const CONFIG = {
  compilerOptions: {
    target: 'esnext',
    lib: ['esnext', 'dom'],
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
    strict: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
}

let house: House
let folder: string

before(async () => {
  house = await openHouse()
  folder = await mkdtemp(join(tmpdir(), 'biplane-generated-'))
  const document = (await house.call('GET', '/openapi.json')).body as OpenAPI3
  const files = {
    'api.ts': astToString(await openapiTS(document)),
    'program.ts': PROGRAM,
    'wrong.ts': WRONG,
    'package.json': JSON.stringify({ type: 'module' }),
    'tsconfig.json': JSON.stringify(CONFIG),
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
})
after(async () => {
  await rm(folder, { recursive: true })
  await house[Symbol.asyncDispose]()
})

const run = promisify(execFile)

test('what the document generates knows every address, field, result and code, and the compiler holds a program to it', async () => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  // That it exits with an error is what is wanted.
  const { stdout: printed } = await run(process.execPath, [compiler, '-p', folder]).catch(
    (error: unknown) => error as { stdout: string },
  )
  const refused = [...printed.matchAll(/([\w.]+)\((\d+),\d+\): error/g)].map(([, file, line]) => `${file}:${line}`)
  const wrong = WRONG.split('\n').flatMap((line, i) => (line.includes('// wrong') ? [`wrong.ts:${i + 1}`] : []))
  assert.deepEqual([...new Set(refused)].sort(), wrong.sort(), printed)
})

test('a program with a generated client submits, asks, sends files, decides and reads', async () => {
  const { stdout } = await run(process.execPath, [join(folder, 'program.ts'), house.url])
  assert.deepEqual(JSON.parse(stdout), {
    count: 3,
    echoed: { text: 'ünï', tags: ['a', 'b'] },
    nested: { where: { x: 1 } },
    kept: 'orders.csv',
    size: 5,
    steps: ['prepare'],
    isMisfit: true,
    field: 'to',
    items: 2,
  })
})

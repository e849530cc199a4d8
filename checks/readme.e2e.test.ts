// The first realm of the README is true: taken from there, and run by a runtime behind a gateway.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import type { EndedIntent } from '@biplane/protocol'

import { json, startGateway, startRuntime, stop } from './planes.ts'

const ROOT = join(import.meta.dirname, '..')

/** What the README says is "your code". */
const YOURS = `
let left = 5
const reserve = async (order: { quantity: number }, key: string) => ({ id: key, left: (left -= order.quantity) })
const release = async (_key: string) => left++
const charge = async (_order: object, _key: string) => 'paid'
const stockOf = async (_sku: string, _signal: AbortSignal) => left
`

test('the first realm of the README has an address and works', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const realm = /```ts\n(import \{ defineRealm[\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'biplane-readme-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
  await writeFile(join(folder, 'orders.ts'), realm + YOURS)
  await writeFile(join(folder, 'runtime.config.ts'), `export default { realms: ['./orders.ts'] }`)
  const runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(folder, 'runtime.config.ts') })
  const gateway = await startGateway(runtime.url)
  const response = await fetch(`${gateway.url}/v1/orders/place`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=10' },
    body: JSON.stringify({ tenant_id: 'acme', sku: 'apple', quantity: 2 }),
  })
  const placed = (await response.json()) as EndedIntent
  assert.equal(placed.status, 'completed')
  assert.deepEqual(placed.result, { order_id: `${placed.execution_id}/0` })
  const stock = await json<{ left: number }>(`${gateway.url}/v1/orders/stock?tenant_id=acme&sku=apple`)
  assert.deepEqual(stock, { left: 3 })
  await stop(gateway)
  await stop(runtime)
  await rm(folder, { recursive: true })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import { ConfigurationError, loadConfig, loadRealms, readEnvironment } from './config.ts'
import { limitsOf } from './limits.ts'

const realm = (name: string, version: string) =>
  `export default { name: '${name}', version: '${version}', capabilities: [] }\n`

async function load(t: TestContext, files: Record<string, string>, realms: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const path = join(folder, 'runtime.config.mjs')
  writeFileSync(path, `export default { realms: ${JSON.stringify(realms)} }\n`)
  return loadRealms(await loadConfig(path), path)
}

test('versions of a realm are loaded side by side, in the order of the configuration', async (t) => {
  const files = { 'two.mjs': realm('orders', '2'), 'one.mjs': realm('orders', '1'), 'mail.mjs': realm('mail', '1') }
  const realms = await load(t, files, ['./two.mjs', './one.mjs', './mail.mjs'])
  assert.deepEqual(
    realms.map(({ name, version }) => `${name} ${version}`),
    ['orders 2', 'orders 1', 'mail 1'],
  )
})

test('one version of a realm cannot be there twice, and both modules are named', async (t) => {
  const files = { 'a.mjs': realm('orders', '1'), 'b.mjs': realm('orders', '1') }
  await assert.rejects(load(t, files, ['./a.mjs', './b.mjs']), (error) => {
    assert.ok(error instanceof ConfigurationError)
    assert.match(error.message, /\.\/a\.mjs and \.\/b\.mjs are both version 1 of the realm orders/)
    return true
  })
})

test('a realm that is not there is named, with what to do', async (t) => {
  await assert.rejects(load(t, {}, ['./none.mjs']), /names the realm \.\/none\.mjs, which cannot be found/)
  await assert.rejects(load(t, {}, ['no-such-realm']), /npm install no-such-realm/)
})

async function loadWith(t: TestContext, limits: string) {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'runtime.config.mjs')
  writeFileSync(path, `export default { realms: [], limits: ${limits} }\n`)
  return loadConfig(path)
}

test('limits are taken as they are given, and what is left out has its default', async (t) => {
  const { limits } = await loadWith(t, '{ tenant: { executionsMax: 10 } }')
  const { tenant, server } = limitsOf(limits)
  assert.equal(tenant.executionsMax, 10)
  assert.deepEqual({ ...tenant, executionsMax: 0 }, { ...limitsOf().tenant, executionsMax: 0 })
  assert.deepEqual(server, limitsOf().server)
})

test('a limit that is misspelt, or no limit at all, keeps the runtime from starting, by name', async (t) => {
  const bad: [limits: string, named: RegExp][] = [
    ['{ tenant: { executionMax: 10 } }', /limits\.tenant cannot be used: .*executionMax/],
    ['{ tenant: { executionsMax: 0 } }', /limits\.tenant\.executionsMax cannot be used/],
    ['{ server: { headersMsMax: "20s" } }', /limits\.server\.headersMsMax cannot be used/],
    ['{ tenants: {} }', /limits cannot be used: .*tenants/],
  ]
  for (const [limits, named] of bad) await assert.rejects(loadWith(t, limits), named)
})

test('whose tokens are taken is said by the environment', () => {
  assert.equal(readEnvironment({}).issuer, 'biplane-gateway')
  assert.equal(readEnvironment({ BIPLANE_ISSUER: 'house' }).issuer, 'house')
})

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import type { Capability } from '@biplane/protocol'

import { readSaved, save } from './cache.ts'

const GREET: Capability = {
  kind: 'intent',
  type: 'hello.greet',
  realm: 'hello',
  realm_version: '1',
  title: 'Greet',
  payload_schema: {},
  result_schema: {},
  undoable: false,
}
const FOLDER = 'biplane/catalogues'

async function makeCache(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-cache-'))
  t.after(() => rm(folder, { recursive: true }))
  return { folder, env: { XDG_CACHE_HOME: folder } }
}

test('a catalogue is found again by its address, and by no other', async (t) => {
  const { folder, env } = await makeCache(t)
  assert.equal(await readSaved('http://a/v1', env), null)
  await save('http://a/v1', { etag: '"1"', capabilities: [GREET] }, env)
  const { saved, ...kept } = (await readSaved('http://a/v1', env)) ?? { saved: '' }
  assert.deepEqual(kept, { etag: '"1"', capabilities: [GREET] })
  assert.ok(Date.now() - Date.parse(saved) < 60_000)
  assert.equal(await readSaved('http://b/v1', env), null)
  const [name = ''] = await readdir(join(folder, FOLDER))
  assert.equal((await stat(join(folder, FOLDER, name))).mode & 0o077, 0, 'nobody else reads it')
})

test('of many places the ones used last are kept', async (t) => {
  const { folder, env } = await makeCache(t)
  for (let i = 0; i < 30; i++) await save(`http://place-${i}/v1`, { etag: '"1"', capabilities: [GREET] }, env)
  assert.equal((await readdir(join(folder, FOLDER))).length, 20)
  assert.notEqual(await readSaved('http://place-29/v1', env), null)
})

test('a file that is damaged or of another shape is one that is not there', async (t) => {
  const { folder, env } = await makeCache(t)
  await save('http://a/v1', { etag: '"1"', capabilities: [GREET] }, env)
  const [name = ''] = await readdir(join(folder, FOLDER))
  for (const text of ['', '{', '[]', '{"etag":"1"}', '{"etag":"1","capabilities":[{"kind":"intent"}]}']) {
    await writeFile(join(folder, FOLDER, name), text)
    assert.equal(await readSaved('http://a/v1', env), null, text)
  }
})

test('what is too large is not kept, and where nothing can be kept nothing fails', async (t) => {
  const { folder, env } = await makeCache(t)
  await save('http://a/v1', { etag: '"1"', capabilities: [{ ...GREET, title: 'x'.repeat(5 * 1024 * 1024) }] }, env)
  assert.equal(await readSaved('http://a/v1', env), null)
  await writeFile(join(folder, 'file'), '')
  const nowhere = { XDG_CACHE_HOME: join(folder, 'file') }
  await save('http://a/v1', { etag: '"1"', capabilities: [GREET] }, nowhere)
  assert.equal(await readSaved('http://a/v1', nowhere), null)
})

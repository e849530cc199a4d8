import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { KeyFileError, createKey, hashOf, listKeys, revokeKey } from './key-file.ts'

let folder: string
const wish = { name: 'nightly', tenant_id: 'acme', role: 'user' } as const

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-keys-'))
})
after(() => rm(folder, { recursive: true }))

test('a key is 256 bits of chance, told once, and nowhere in the file', async () => {
  const path = join(folder, 'new', 'keys.json')
  const { key, record } = await createKey(path, wish)
  const { key: other } = await createKey(path, { ...wish, name: 'other' })
  assert.match(key, /^bpk_[\w-]{43}$/)
  assert.notEqual(key, other)
  const text = await readFile(path, 'utf8')
  assert.ok(!text.includes(key.slice(4)))
  assert.equal(record.sha256, hashOf(key))
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual((await listKeys(path))[0], record)
})

test('a name is used once, also when its key was revoked', async () => {
  const path = join(folder, 'names.json')
  await createKey(path, wish)
  await revokeKey(path, 'nightly')
  await assert.rejects(createKey(path, wish), KeyFileError)
  const [record] = await listKeys(path)
  assert.ok(record?.revoked_at !== undefined)
  await revokeKey(path, 'nightly')
  assert.deepEqual((await listKeys(path))[0], record, 'to revoke it again changes nothing')
  await assert.rejects(revokeKey(path, 'unheard-of'), /no key named unheard-of/)
})

test('what a key may not be is refused before anything is written', async () => {
  const path = join(folder, 'refused.json')
  for (const more of [
    { name: 'a b' },
    { tenant_id: '../acme' },
    { expires_at: 'tomorrow' },
    { intents: ['nonsense'] },
  ]) {
    await assert.rejects(createKey(path, { ...wish, ...more }), KeyFileError)
  }
  assert.deepEqual(await listKeys(path), [])
})

test('a change that meets another is refused, so that none is lost', async () => {
  const path = join(folder, 'busy.json')
  await createKey(path, wish)
  await writeFile(`${path}.lock`, '')
  await assert.rejects(revokeKey(path, 'nightly'), /remove .*busy\.json\.lock/)
  await rm(`${path}.lock`)
  await revokeKey(path, 'nightly')
})

test('a file that is not one of keys is told from one that holds none', async () => {
  const path = join(folder, 'broken.json')
  for (const text of ['', '{"format":2,"keys":[]}', '{"format":1,"keys":[{}]}']) {
    await writeFile(path, text)
    await assert.rejects(listKeys(path), KeyFileError, text)
  }
})

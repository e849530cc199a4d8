import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { runProcess } from '@biplane/client/testing'

let folder: string
let file: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-cli-keys-'))
  file = join(folder, 'keys.json')
})
after(() => rm(folder, { recursive: true }))

const keys = (...args: string[]) =>
  runProcess({ main: 'experience/cli/src/main.ts', args: ['keys', ...args], env: { BIPLANE_KEYS: file } })

test('a key is made and shown once, listed without itself, and revoked', async () => {
  const made = await keys('create', 'nightly', 'acme', 'viewer', '--days', '30', '--json')
  assert.equal(made.code, 0, made.printed)
  const { key, name, tenant_id, role, sha256 } = JSON.parse(made.printed) as Record<string, string>
  assert.match(key ?? '', /^bpk_/)
  assert.deepEqual([name, tenant_id, role, sha256], ['nightly', 'acme', 'viewer', undefined])
  const listed = await keys('list')
  assert.match(listed.printed, /nightly\s+acme\s+viewer\s+.*good until/)
  assert.ok(!listed.printed.includes(key ?? ''))
  assert.equal((await keys('revoke', 'nightly')).code, 0)
  assert.match((await keys('list')).printed, /nightly.*revoked/)
})

test('what cannot be done is said, with what to do', async () => {
  for (const [args, says] of [
    [['create', 'nightly', 'acme'], /another name/],
    [['create', 'other', 'acme', 'emperor'], /viewer/],
    [['revoke', 'unheard-of'], /no key named unheard-of/],
  ] as const) {
    const { code, printed } = await keys(...args)
    assert.equal(code, 2, printed)
    assert.match(printed, says)
    assert.doesNotMatch(printed, / {4}at /, 'no stack')
  }
})

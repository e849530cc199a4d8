import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import type { ArtifactId } from '@biplane/protocol'

import { ArtifactFolder } from './folder.ts'

const HOUR_MS = 3_600_000
const none = async () => []
const all = async (_tenant: string, artifacts: ArtifactId[]) => artifacts

async function inFolder(run: (root: string, folder: ArtifactFolder) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'biplane-artifacts-'))
  await run(root, await ArtifactFolder.open(root))
  await rm(root, { recursive: true })
}

test('what no log names is removed after a day, and not before', () =>
  inFolder(async (_root, folder) => {
    const { artifact_id } = await folder.of('acme').put(Buffer.from('forgotten'))
    const now = Date.now()
    assert.equal(await folder.sweep(all, now + 23 * HOUR_MS), 0)
    assert.equal(await folder.sweep(none, now + 25 * HOUR_MS), 0)
    assert.equal(await folder.sweep(all, now + 25 * HOUR_MS), 1)
    assert.equal(await folder.stat('acme', artifact_id), null)
  }))

test('an upload of the same bytes, or an intent that names them, keeps them for another day', () =>
  inFolder(async (root, folder) => {
    const { artifact_id } = await folder.of('acme').put(Buffer.from('same'))
    const path = await folder.of('acme').path({ artifact_id })
    const old = new Date(Date.now() - 48 * HOUR_MS)
    await utimes(path, old, old)
    assert.equal(await folder.has('acme', artifact_id), true)
    assert.equal(await folder.sweep(all, Date.now()), 0)
    await utimes(path, old, old)
    await folder.of('acme').put(Buffer.from('same'))
    assert.equal(await folder.sweep(all, Date.now()), 0)
    assert.ok((await stat(root)).isDirectory())
  }))

test('tenants whose names differ in case alone do not share a folder', () =>
  inFolder(async (root, folder) => {
    const { artifact_id } = await folder.of('acme').put(Buffer.from('mine'))
    assert.equal(await folder.has('ACME', artifact_id), false)
    const names = (await readdir(root)).filter((name) => name !== 'incoming')
    assert.ok(names.every((name) => name === name.toLowerCase()))
  }))

test('a start removes what unfinished uploads left', () =>
  inFolder(async (root) => {
    await writeFile(join(root, 'incoming', 'half'), 'half')
    await ArtifactFolder.open(root)
    assert.deepEqual(await readdir(join(root, 'incoming')), [])
  }))

test('a put that is aborted leaves nothing', () =>
  inFolder(async (root, folder) => {
    const abort = new AbortController()
    async function* bytes() {
      yield Buffer.from('first')
      abort.abort(new Error('the sender left'))
      yield Buffer.from('second')
    }
    await assert.rejects(folder.of('acme', abort.signal).put(bytes()), /the sender left/)
    assert.deepEqual(await readdir(root), ['incoming'])
    assert.deepEqual(await readdir(join(root, 'incoming')), [])
  }))

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'

import { createExperience } from '../gateway.ts'
import { type House, openHouse } from '../testing/house.ts'
import { openSlowLine } from './testing/slow-line.ts'
import { Speaker } from './testing/speaker.ts'
import { createWebSocketSurface } from './websocket.ts'

let house: House
let speaker: Speaker
const TENANT = 'acme'
const MiB = 1024 * 1024
const begin = (id: string, more: object = {}) => ({ type: 'upload', id, tenant_id: TENANT, ...more })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** Different in each place and for each seed, so that a mix-up shows. */
const bytesOf = (seed: number, length: number) =>
  Buffer.from(Uint32Array.from({ length: length / 4 }, (_, index) => index * 2_654_435_761 + seed).buffer)

before(async () => {
  house = await openHouse({ experience: { surfaces: ['websocket'] } })
  speaker = await Speaker.open(house.url)
})
after(async () => {
  speaker[Symbol.dispose]()
  await house[Symbol.asyncDispose]()
})

/** Files that the runtime keeps for its artifacts, whole or not. */
const storedFiles = async () =>
  (await readdir(`${house.runtime.folder}/data/artifacts`, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length

test('a file in pieces is stored, and what is answered can stand in a payload', async () => {
  speaker.say(begin('f', { name: 'orders.csv', media_type: 'text/csv', size: 9 }))
  for (const piece of ['id\n', '1\n', '', '2\n3\n']) speaker.send('f', Buffer.from(piece))
  const { artifact } = await speaker.ask({ type: 'upload_end', id: 'f' })
  const id = `art_${sha256(Buffer.from('id\n1\n2\n3\n'))}`
  assert.deepEqual(artifact, { artifact_id: id, media_type: 'text/csv', size: 9, name: 'orders.csv' })
  const keep = { type: 'submit', intent_type: 'trial_bench.keep', tenant_id: TENANT, payload: { file: artifact } }
  const { id: asked } = await speaker.ask({ ...keep, wait_ms: 10_000 })
  assert.partialDeepStrictEqual(await speaker.hears('ended', { id: asked }), {
    result: { name: 'orders.csv', size: 9 },
  })
})

test('several files come at once, their pieces mixed, and each is stored as it is', async () => {
  const files = [1, 2, 3].map((seed) => ({ id: `m${seed}`, bytes: bytesOf(seed, 2 * MiB) }))
  for (const { id } of files) speaker.say(begin(id))
  for (let at = 0; at < 2 * MiB; at += 100_000) {
    for (const { id, bytes } of files) speaker.send(id, bytes.subarray(at, at + 100_000))
  }
  for (const { id } of files) speaker.say({ type: 'upload_end', id })
  for (const { id, bytes } of files) {
    const { artifact } = await speaker.hears('stored', { id })
    assert.deepEqual([artifact.artifact_id, artifact.size], [`art_${sha256(bytes)}`, bytes.length])
  }
})

test('an empty file is a file, and the same bytes again are the same artifact', async () => {
  const stored = []
  for (const id of ['e1', 'e2']) {
    speaker.say(begin(id, { size: 0 }))
    stored.push((await speaker.ask({ type: 'upload_end', id }))['artifact'])
  }
  assert.equal(stored[0].size, 0)
  assert.deepEqual(stored[0], stored[1])
})

test('what is not whole is not kept: given up, too short, too long, or broken off with its socket', async () => {
  const before = await storedFiles()
  const failed = async (id: string) => {
    const { code, detail } = await speaker.hears('error', { id })
    return [code, detail]
  }
  speaker.say(begin('given-up'))
  speaker.send('given-up', bytesOf(1, MiB / 2))
  speaker.say({ type: 'upload_cancel', id: 'given-up' })
  assert.deepEqual(await failed('given-up'), ['upload_incomplete', 'It was given up.'])
  speaker.say(begin('short', { size: 10 }))
  speaker.send('short', Buffer.from('123'))
  speaker.say({ type: 'upload_end', id: 'short' })
  assert.deepEqual(await failed('short'), ['upload_incomplete', '3 bytes came of the 10 that were said.'])
  speaker.say(begin('long', { size: 2 }))
  for (let i = 0; i < 5; i++) speaker.send('long', Buffer.from('123'))
  speaker.say({ type: 'upload_end', id: 'long' })
  assert.deepEqual(await failed('long'), ['upload_incomplete', 'More came than the 2 bytes that were said.'])
  const leaver = await Speaker.open(house.url)
  leaver.say(begin('left', { tenant_id: TENANT }))
  leaver.send('left', bytesOf(2, 512 * 1024))
  await until('it to arrive', async () => (await storedFiles()) > before)
  leaver.socket.terminate()
  await until('nothing to be left', async () => (await storedFiles()) === before)
  assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong')
  assert.equal(speaker.heard.filter(({ id, type }) => type === 'error' && id === 'long').length, 1)
})

test('an upload that the runtime refuses is told so once, and its id can be used again', async () => {
  speaker.say({ ...begin('again'), tenant_id: undefined })
  for (let i = 0; i < 20; i++) speaker.send('again', bytesOf(3, 64 * 1024))
  assert.equal((await speaker.hears('error', { id: 'again' }))['code'], 'tenant_required')
  speaker.say({ type: 'upload_end', id: 'again' })
  speaker.say(begin('again'))
  speaker.send('again', Buffer.from('whole'))
  assert.equal((await speaker.ask({ type: 'upload_end', id: 'again' })).type, 'stored')
})

test('bytes of no upload, of one that has ended, and an id that is taken, are refused', async () => {
  const from = speaker.heard.length
  speaker.send('nobody', Buffer.from('x'))
  speaker.socket.send(Buffer.alloc(0))
  speaker.socket.send(Buffer.of(200, 1, 2))
  speaker.say(begin('taken'))
  assert.equal((await speaker.ask(begin('taken')))['code'], 'upload_invalid')
  speaker.say({ type: 'upload_end', id: 'taken' })
  speaker.send('taken', Buffer.from('more'))
  await speaker.hears('stored', { id: 'taken' })
  await speaker.ask({ type: 'ping' })
  const codes = speaker.heard.slice(from).flatMap((one) => (one.type === 'error' ? [one['code']] : []))
  assert.deepEqual(
    codes,
    Array.from({ length: 5 }, () => 'upload_invalid'),
  )
})

test('a runtime that takes nothing holds up the sender, who is not held in memory, and goes on', async () => {
  await using line = await openSlowLine(house.runtime.url)
  await using gateway = await at(line.url)
  await using front = await openSlowLine(gateway.url)
  using sender = await Speaker.open(front.url)
  const bytes = bytesOf(4, 32 * MiB)
  sender.say(begin('large', { size: bytes.length }))
  sender.send('large', Buffer.from(bytes.subarray(0, 4)))
  await until('it to begin', () => line.taken() > 0)
  line.hold()
  for (let at = 4; at < bytes.length; at += 512 * 1024) sender.send('large', bytes.subarray(at, at + 512 * 1024))
  await front.quiet()
  assert.ok(front.taken() < 24 * MiB, `${front.taken()} bytes were taken`)
  line.release()
  sender.say({ type: 'upload_end', id: 'large' })
  const { artifact } = await sender.hears('stored', { id: 'large' })
  assert.equal(artifact.artifact_id, `art_${sha256(bytes)}`)
})

test('an upload that does not move is broken off, and one socket takes so many at once', async () => {
  await using gateway = await at(house.runtime.url, { uploadIdleMs: 100, uploadsMax: 1 })
  using idler = await Speaker.open(gateway.url)
  idler.say(begin('slow'))
  assert.equal((await idler.ask(begin('one-more')))['code'], 'rate_limited')
  assert.equal((await idler.hears('error', { id: 'slow' }))['detail'], 'Nothing moved for 0.1 s.')
})

async function at(runtimeUrl: string, limits: Parameters<typeof createWebSocketSurface>[0] = {}) {
  const surfaces = [createWebSocketSurface(limits)]
  const experience = await createExperience({ surfaces, port: 0, runtimeUrl, logLevel: 'error' })
  return { url: await experience.listen(), [Symbol.asyncDispose]: () => experience.close() }
}

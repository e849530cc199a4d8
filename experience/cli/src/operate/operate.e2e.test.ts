// What a person does about executions, sessions and artifacts, as commands.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'

import { createClient } from '@biplane/client'
import { openLine, until } from '@biplane/client/testing'
import { MAX_PAGE } from '@biplane/protocol'

import { type House, documentsOf, openHouse } from '../testing/house.ts'

let house: House
before(async () => (house = await openHouse()))
after(() => house[Symbol.asyncDispose]())

const begin = async (type: string, payload: object = {}): Promise<string> =>
  (await house.client.submit(type, payload)).execution_id
const waiting = async (): Promise<string> => {
  const id = await begin('corner_shop.wait')
  await until('the wait', async () => (await house.client.executionStatus(id)).status === 'waiting')
  return id
}

test('pause, resume, signal and cancel are done once, and say what they did and why', async () => {
  const [signalled, cancelled] = [await waiting(), await waiting()]
  const pause = await house.biplane(['pause', signalled, '--reason', 'look at it'])
  assert.deepEqual([pause.code, pause.out], [0, 'paused\n'])
  const paused = await house.biplane(['show', signalled])
  assert.equal(paused.code, 6)
  assert.match(paused.out, /waits for a person, who paused it: look at it\n[^]*npx biplane resume exe_/)
  const [resume, cancel] = await Promise.all([
    house.biplane(['resume', signalled]),
    house.biplane(['cancel', cancelled, '--reason', 'enough', '--kill']),
  ])
  assert.deepEqual([resume.code, cancel.code], [0, 0])
  const signal = await house.biplane(['signal', signalled, 'go', '{"ok": [1, 2]}', '--id', 'once'])
  assert.deepEqual([signal.code, signal.out], [0, 'sent as once\n'])
  assert.deepEqual((await house.client.result(signalled)).result, { ok: [1, 2] })
  assert.equal((await house.client.result(cancelled)).status, 'cancelled')
  const late = await house.biplane(['pause', cancelled])
  assert.deepEqual([late.code, /execution_final/.test(late.err)], [5, true])
})

test('what is parked is settled step by step, and what has ended is done again', async () => {
  const stuck = await begin('corner_shop.stuck')
  await until('it to park', async () => (await house.client.executionStatus(stuck)).status === 'parked')
  const settle = await house.biplane(['settle', stuck, '--step', '0', '--reason', 'by hand', '--json'])
  assert.deepEqual([settle.code, documentsOf(settle)[0].type], [0, 'status'])
  assert.equal((await house.client.result(stuck)).compensated, true)

  const failed = await begin('corner_shop.order', { sku: 'broken', euros: 1 })
  await house.client.result(failed)
  const [retry, fork, detached] = await Promise.all([
    house.biplane(['retry', failed, '--reason', 'once more']),
    house.biplane(['fork', failed, '--through', '0', '--json']),
    house.biplane(['retry', failed, '--detach', '--idempotency-key', 'again-1']),
  ])
  assert.deepEqual([retry.code, fork.code, detached.code], [1, 1, 0])
  const again = await house.biplane(['retry', failed, '--detach', '--idempotency-key', 'again-1'])
  assert.equal(again.out, detached.out)
  assert.equal((await house.client.execution(detached.out.trim())).retry_of, failed)
  assert.equal(documentsOf(fork).at(-1).execution.fork_of, failed)
})

test('an answer to what nobody asked is refused here, with what there is', async () => {
  const id = await waiting()
  const [none, bad] = await Promise.all([house.biplane(['approve', id]), house.biplane(['approve', 'exe_1'])])
  assert.deepEqual([none.code, bad.code], [2, 2])
  assert.match(none.err, /It waits for no approval; it is waiting\./)
  assert.match(bad.err, /<execution> cannot be exe_1\. It must be the id of an execution/)
})

test('lists come page by page, and --all is all of them', async () => {
  const other = { env: { BIPLANE_TENANT: 'lists' } }
  const lists = createClient({ url: house.url, tenantId: 'lists' })
  // More than a page of the wire holds.
  const made = await Promise.all(Array.from({ length: MAX_PAGE + 4 }, () => lists.createSession()))
  const ids = made.map(({ session_id }): string => session_id)
  ids.push((await house.biplane(['sessions', 'create'], other)).out.trim())
  const [one, two, page] = documentsOf(await house.biplane(['sessions', '--limit', '2', '--json'], other))
  const [third, all, table] = await Promise.all([
    house.biplane(['sessions', '--limit', '1', '--after', page.next, '--json'], other),
    house.biplane(['sessions', '--all', '--json'], other),
    house.biplane(['sessions', '--limit', '2'], other),
  ])
  const idsOf = (documents: { session?: { session_id: string } }[]) =>
    documents.flatMap(({ session }) => (session ? [session.session_id] : []))
  assert.deepEqual(idsOf([one, two, ...documentsOf(third)]), idsOf(documentsOf(all)).slice(0, 3))
  assert.deepEqual(idsOf(documentsOf(all)).sort(), ids.sort())
  assert.equal(documentsOf(all).at(-1).next, null)
  assert.match(table.out, /^session +status +made +user\nses_/)
  assert.match(table.err, /There are more: --all for all of them, or go on with --after ses_/)
  const nobody = await house.biplane(['executions'], { env: { BIPLANE_TENANT: 'nobody' } })
  assert.deepEqual([nobody.code, nobody.out, nobody.err], [0, '', 'There is no such execution.\n'])
})

test('bytes go in and come out as they were, and a file that cannot be whole is not there', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251))
  await writeFile(join(house.folder, 'bytes.bin'), bytes)
  const put = await house.biplane(['artifact', 'put', 'bytes.bin'])
  const id = put.out.trim()
  assert.match(id, /^art_[0-9a-f]{64}$/)
  const [get, wrong, nowhere] = await Promise.all([
    house.biplane(['artifact', 'get', id, '--output', 'back.bin']),
    house.biplane(['artifact', 'get', `art_${'0'.repeat(64)}`, '-o', 'none.bin']),
    house.biplane(['artifact', 'get', id, '-o', 'no/such/folder.bin']),
  ])
  assert.deepEqual([get.code, wrong.code, nowhere.code], [0, 8, 2], nowhere.err)
  assert.deepEqual(await readFile(join(house.folder, 'back.bin')), bytes)
  const left = (await readdir(house.folder)).filter((name) => name.includes('none') || name.endsWith('.part'))
  assert.deepEqual(left, [])
  const used = await house.biplane(['corner-shop', 'compare', id, '--json'])
  assert.deepEqual(documentsOf(used).at(-1).execution.result, { names: ['unnamed ?'] })
})

test('bytes whose connection is lost on the way go on behind the last that came', async () => {
  const bytes = randomBytes(24 * 1024 * 1024)
  const { artifact_id } = await house.client.putArtifact(bytes)
  await using line = await openLine(house.gateway.url)
  const env = { ...house.env(), BIPLANE_URL: `${line.url}/v1` }
  const child = spawn(...house.command(['artifact', 'get', artifact_id, '--output', '-']), { env })
  const said = text(child.stderr)
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  // Nobody reads on, so the rest is still on its way.
  child.stdout.pause()
  line.cut()
  const rest = await buffer(child.stdout)
  assert.match(await said, /The connection was lost after [\d.]+ \w+; going on …/)
  assert.ok(Buffer.concat([first, rest]).equals(bytes))
})

test('the same key runs once, also if the command is called again', async () => {
  const order = ['corner-shop', 'order', '--sku', 'apple', '--euros', '2', '--idempotency-key', 'order-7', '--detach']
  const first = await house.biplane(order)
  const [second, other] = await Promise.all([
    house.biplane(order),
    house.biplane(order.map((word) => (word === '2' ? '3' : word))),
  ])
  assert.deepEqual([second.code, second.out], [0, first.out])
  assert.deepEqual([other.code, /idempotency_conflict/.test(other.err)], [5, true])
})

// What happens between the commit that accepts an intent and the moment at which its process hears of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newSessionId } from '@biplane/protocol'

import { MemoryStore } from '../store/memory/memory-store.ts'
import type { AcceptIntent } from '../store/port.ts'
import { systemClock, systemIds } from '../system.ts'
import { unwatched } from '../watchdog/unwatched.ts'
import { catalogueOf } from './catalogue.ts'
import { Engine } from './engine.ts'
import { entryOf } from './entry.ts'
import { performIn } from './perform.ts'
import { gate, realmOf } from './test-realm.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const artifacts = { of: () => assert.fail('no artifacts'), has: async () => true }

/** Tells what it has accepted when a test lets it. */
class SlowStore extends MemoryStore {
  readonly accepted = gate()
  readonly told = gate()

  override async acceptIntent(command: AcceptIntent) {
    const answer = await super.acceptIntent(command)
    this.accepted.open()
    await this.told.passed
    return answer
  }
}

/** An engine that has asked for an acceptance that is in the log, and has not heard of it. */
async function accepting(handler: Parameters<typeof realmOf>[0]) {
  const store = new SlowStore(systemClock)
  const world = { clock: systemClock, ids: systemIds, random: () => 0.5, log: quiet, watch: unwatched, owner: 'test' }
  const engine = new Engine({ ...world, store, artifacts, ...performIn(unwatched) }, catalogueOf([realmOf(handler)]))
  await engine.start()
  const session_id = newSessionId(systemIds)
  const session = { session_id, tenant_id: 'acme', status: 'open' as const, created_ms: systemClock.now() }
  const entry = entryOf('session.created', { tenant_id: 'acme' }, { execution: null, time_ms: session.created_ms })
  await store.createSession({ lease: engine.leaseOf(session_id), session, key: null, entry })
  const request = { tenant_id: 'acme', session_id, intent_type: 'test.do', realm: 'test', payload: {} }
  const accepted = engine.accept(request)
  await store.accepted.passed
  return { engine, store, request, accepted }
}

test('an intent that is in the log when the process closes is told to be accepted, and not begun any more', async () => {
  let began = 0
  const { engine, store, request, accepted } = await accepting(async () => began++)
  await engine.close()
  store.told.open()
  const { execution_id } = await accepted
  assert.equal((await store.getExecution('acme', execution_id))?.status, 'running')
  assert.equal(began, 0)
  await assert.rejects(engine.accept(request), { code: 'shutting_down' })
})

test('a cancel that finds an execution before the process that accepted it has heard of that makes no second one of it', async () => {
  let began = 0
  const { engine, store, accepted } = await accepting(async (ctx) => {
    began++
    await ctx.waitFor('never')
  })
  const [row] = (await store.listExecutions({ tenant_id: 'acme' }, null, 1)).items
  assert.ok(row)
  const cancelled = engine.operator.cancel(row, { mode: 'cooperative' })
  store.told.open()
  await accepted
  await cancelled
  const end = await engine.waitForEnd('acme', row.execution_id, 5_000)
  assert.deepEqual([end?.status, began], ['cancelled', 1])
  await engine.close()
})

// When the engine is full, those who fill it are refused first (docs/guarantees.md, G14 and G15).

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type SessionId, type TenantId, newSessionId } from '@biplane/protocol'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { MemoryStore } from '../store/memory/memory-store.ts'
import { systemClock, systemIds } from '../system.ts'
import { unwatched } from '../watchdog/unwatched.ts'
import { catalogueOf } from './catalogue.ts'
import { Engine } from './engine.ts'
import { entryOf } from './entry.ts'
import { performIn } from './perform.ts'

const LIVE_MAX = 50

const stuck = defineRealm({
  name: 'stuck',
  version: '1',
  capabilities: [
    intent('stuck.work', {
      payload: z.unknown(),
      result: z.unknown(),
      run: (ctx) => ctx.step('work', ({ signal }) => new Promise((end) => signal.addEventListener('abort', end))),
    }),
  ],
})

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const artifacts = { of: () => assert.fail('no artifacts'), has: async () => true }

test('a tenant whose executions fill the memory is refused, and another still gets in', async () => {
  const store = new MemoryStore(systemClock)
  const world = { clock: systemClock, ids: systemIds, random: () => 0.5, log: quiet, watch: unwatched, owner: 'test' }
  const parts = { ...world, store, artifacts, liveExecutionsMax: LIVE_MAX, ...performIn(unwatched) }
  const engine = new Engine(parts, catalogueOf([stuck]))
  await engine.start()
  const open = async (tenant_id: TenantId): Promise<SessionId> => {
    const session_id = newSessionId(systemIds)
    const session = { session_id, tenant_id, status: 'open' as const, created_ms: systemClock.now() }
    const entry = entryOf('session.created', { tenant_id }, { execution: null, time_ms: session.created_ms })
    await store.createSession({ lease: engine.leaseOf(session_id), session, key: null, entry })
    return session_id
  }
  const submit = (tenant_id: TenantId, session_id: SessionId) =>
    engine.accept({ tenant_id, session_id, intent_type: 'stuck.work', realm: 'stuck', payload: null })
  const [noisy, calm] = [await open('noisy'), await open('calm')]
  for (let i = 0; i < LIVE_MAX; i++) await submit('noisy', noisy)
  await assert.rejects(submit('noisy', noisy), { code: 'overloaded' })
  const { execution_id } = await submit('calm', calm)
  assert.equal((await store.getExecution('calm', execution_id))?.status, 'running')
  await engine.close()
})

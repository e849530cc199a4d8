import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newSessionId } from '@biplane/protocol'
import { entryOf } from '@biplane/runtime/entry'
import { MemoryStore } from '@biplane/runtime/memory-store'
import type { Lease } from '@biplane/runtime/store-port'

import { chanceOf, idsOf } from './chance.ts'
import { type Fate, MortalStore } from './mortal-store.ts'
import { VirtualClock } from './virtual-clock.ts'

const clock = new VirtualClock(1_000)
const TENANT = 'test'
const session_id = newSessionId(idsOf(chanceOf(1), clock))
const SHARD: Lease = { shard: 0, epoch: 1 }

const creation = () => ({
  lease: SHARD,
  session: { session_id, tenant_id: TENANT, status: 'open' as const, created_ms: clock.now() },
  key: null,
  entry: entryOf('session.created', { tenant_id: TENANT }, { execution: null, time_ms: clock.now() }),
})

/** Whether a promise settles while the event loop turns a few times. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  const turned = new Promise<false>((resolve) => setImmediate(() => setImmediate(() => resolve(false))))
  return Promise.race([promise.then(() => true), turned])
}

async function dyingAt(fate: Fate) {
  const store = new MemoryStore(clock)
  await store.claimShards('test')
  const seen: string[] = []
  const mortal = new MortalStore(store, {
    fateOf: (write, entries) => {
      seen.push(`${write} ${entries.map(({ type }) => type).join()}`)
      return fate
    },
    onDeath: () => seen.push('died'),
  })
  const heard = await settles(mortal.createSession(creation()))
  return { store, mortal, seen, heard, written: (await store.getSession(TENANT, session_id)) !== null }
}

test('who lives is answered', async () => {
  const { heard, written, seen } = await dyingAt('lives')
  assert.deepEqual([heard, written, seen], [true, true, ['createSession session.created']])
})

test('who dies before a commit has not written it, and is not answered', async () => {
  const { heard, written, seen } = await dyingAt('dies_before')
  assert.deepEqual([heard, written, seen], [false, false, ['createSession session.created', 'died']])
})

test('who dies after a commit has written it, and is not answered', async () => {
  const { heard, written, seen } = await dyingAt('dies_after')
  assert.deepEqual([heard, written, seen], [false, true, ['createSession session.created', 'died']])
})

test('the dead write nothing, read nothing, and hear of nothing', async () => {
  const store = new MemoryStore(clock)
  const mortal = new MortalStore(store)
  await mortal.claimShards('test')
  const appends: number[] = []
  mortal.onAppend((_, lastSeq) => appends.push(lastSeq))
  const underWay = mortal.getSession(TENANT, session_id)
  mortal.die()
  assert.deepEqual(await Promise.all([settles(underWay), settles(mortal.createSession(creation()))]), [false, false])
  assert.equal(await store.getSession(TENANT, session_id), null)
  await store.createSession(creation())
  assert.deepEqual([await settles(mortal.getSession(TENANT, session_id)), appends], [false, []])
})

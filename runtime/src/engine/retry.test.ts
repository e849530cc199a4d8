import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newSessionId } from '@biplane/protocol'
import type { Artifacts, Context } from '@biplane/realm'
import { Cancelled, PauseError, RetryableError, TerminalError } from '@biplane/realm/error'

import { MemoryStore } from '../store/memory/memory-store.ts'
import { systemClock, systemIds } from '../system.ts'
import { unwatched } from '../watchdog/unwatched.ts'
import { catalogueOf } from './catalogue.ts'
import { Engine } from './engine.ts'
import { entryOf } from './entry.ts'
import { performIn } from './perform.ts'
import { pauseMs, reactionTo } from './retry.ts'
import { realmOf } from './test-realm.ts'

test('what an error is decides what is done about it', () => {
  assert.equal(reactionTo(new Error('who knows'), 1), 'retry')
  assert.equal(reactionTo(new RetryableError('x', 'x'), 1, { retryIf: () => false }), 'retry')
  assert.equal(reactionTo(new Error('no'), 1, { retryIf: () => false }), 'fail')
  assert.equal(reactionTo(new TerminalError('x', 'x'), 1), 'fail')
  assert.equal(reactionTo(new Cancelled(), 1), 'fail')
  assert.equal(reactionTo(new PauseError('x', 'x'), 1), 'pause')
})

test('retries are counted after the first attempt, and none is made beyond', () => {
  assert.equal(reactionTo(new Error('x'), 2, { times: 2 }), 'retry')
  assert.equal(reactionTo(new Error('x'), 3, { times: 2 }), 'fail')
  assert.equal(reactionTo(new Error('x'), 1, { times: 0 }), 'fail')
})

test('pauses grow by the factor up to the bound, and jitter only shortens them', () => {
  const policy = { backoff: '1s', factor: 3, max: '10s', jitter: 0.5 } as const
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pauseMs(attempt, 0, policy)),
    [1_000, 3_000, 9_000, 10_000],
  )
  assert.equal(pauseMs(2, 1, policy), 1_500)
})

const END_MS_MAX = 5_000

/** Runs `test.do` on a clock that stands still, so that waits are exact, and answers all that were begun. */
async function waitsOf(handler: Parameters<typeof realmOf>[0], random: number): Promise<number[]> {
  const waits: number[] = []
  const after = (ms: number, task: () => void) => {
    waits.push(ms)
    return systemClock.after(ms, task)
  }
  const now_ms = systemClock.now()
  const clock = { now: () => now_ms, after, steady: true }
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const artifacts = { of: () => ({}) as Artifacts, has: async () => true }
  const world = { clock, ids: systemIds, random: () => random, log, watch: unwatched, owner: 'test', artifacts }
  const store = new MemoryStore(clock)
  const engine = new Engine({ ...world, store, ...performIn(unwatched) }, catalogueOf([realmOf(handler)]))
  await engine.start()
  const session_id = newSessionId(systemIds)
  const session = { session_id, tenant_id: 'acme', status: 'open' as const, created_ms: now_ms }
  const entry = entryOf('session.created', { tenant_id: 'acme' }, { execution: null, time_ms: now_ms })
  await store.createSession({ lease: engine.leaseOf(session_id), session, key: null, entry })
  const request = { tenant_id: 'acme', session_id, intent_type: 'test.do', realm: 'test', payload: {} }
  const { execution_id } = await engine.accept(request)
  assert.equal((await engine.waitForEnd('acme', execution_id, END_MS_MAX))?.status, 'failed')
  await engine.close()
  return waits
}

function failsOnce() {
  let failures = 1
  return () => {
    if (failures-- > 0) throw new Error('not yet')
  }
}

test('what failed together does not come back together: the pauses of steps and of undos are drawn', async () => {
  for (const [random, pauses] of [
    [1, [41, 100]],
    [0.5, [61.5, 150]],
  ] as const) {
    const [step, undo] = [failsOnce(), failsOnce()]
    const waits = await waitsOf(async (ctx: Context) => {
      await ctx.step('a', step, { undo, retry: { backoff: 82, jitter: 0.5 } })
      throw new TerminalError('test.no', 'no')
    }, random)
    assert.deepEqual(
      [41, 61.5, 82, 100, 150, 200].filter((ms) => waits.includes(ms)),
      pauses,
    )
  }
})

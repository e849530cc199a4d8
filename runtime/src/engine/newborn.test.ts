// What is begun while a start still reads the executions of the process before is not taken for one of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newSessionId } from '@biplane/protocol'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { MemoryStore } from '../store/memory/memory-store.ts'
import type { AcceptIntent } from '../store/port.ts'
import { systemClock, systemIds } from '../system.ts'
import { unwatched } from '../watchdog/unwatched.ts'
import { catalogueOf } from './catalogue.ts'
import { Engine } from './engine.ts'
import { entryOf } from './entry.ts'
import { RECOVER_AT_ONCE } from './limits.ts'
import { performIn } from './perform.ts'

/** One more than are read at once. */
const PARENTS = RECOVER_AT_ONCE + 1

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const artifacts = { of: () => assert.fail('no artifacts'), has: async () => true }
const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))

/** Reads the second page of what is unfinished when every parent of the first has called a child. */
class SlowStore extends MemoryStore {
  readonly #called = Promise.withResolvers<void>()
  #children = 0
  isSlow = false

  override async acceptIntent(command: AcceptIntent) {
    const accepted = await super.acceptIntent(command)
    if (command.execution.parent_id !== null && ++this.#children === RECOVER_AT_ONCE) this.#called.resolve()
    return accepted
  }

  override async listUnfinished(after: string | null, limit: number) {
    if (this.isSlow && after !== null) await this.#called.promise
    return super.listUnfinished(after, limit)
  }
}

test('children that are called during a start run once each, and are counted once', async () => {
  let isBack = false
  const runs = new Map<string, number>()
  const family = defineRealm({
    name: 'family',
    version: '1',
    capabilities: [
      intent('family.parent', {
        payload: z.unknown(),
        result: z.unknown(),
        async run(ctx) {
          await ctx.step('wait', (step) => (isBack ? null : untilAborted(step)))
          return ctx.call('family.child', {})
        },
      }),
      intent('family.child', {
        payload: z.unknown(),
        result: z.unknown(),
        run: (ctx) =>
          ctx.step('run', (step) => {
            runs.set(step.key, (runs.get(step.key) ?? 0) + 1)
            return untilAborted(step)
          }),
      }),
    ],
  })
  const store = new SlowStore(systemClock)
  const start = async () => {
    const tenantLimits = { executionsMax: 2 * PARENTS + 1, submissionsPerSecondMax: 1_000 }
    const world = {
      clock: systemClock,
      ids: systemIds,
      random: () => 0.5,
      log: quiet,
      watch: unwatched,
      tenantLimits,
    }
    const parts = { ...world, store, artifacts, owner: 'test', ...performIn(unwatched) }
    const engine = new Engine(parts, catalogueOf([family]))
    await engine.start()
    return engine
  }
  const before = await start()
  const session_id = newSessionId(systemIds)
  const session = { session_id, tenant_id: 'acme', status: 'open' as const, created_ms: systemClock.now() }
  const entry = entryOf('session.created', { tenant_id: 'acme' }, { execution: null, time_ms: session.created_ms })
  await store.createSession({ lease: before.leaseOf(session_id), session, key: null, entry })
  const submit = (engine: Engine) =>
    engine.accept({ tenant_id: 'acme', session_id, intent_type: 'family.parent', realm: 'family', payload: null })
  for (let i = 0; i < PARENTS; i++) await submit(before)
  await before.close()
  isBack = true
  store.isSlow = true
  const engine = await start()
  while (runs.size < PARENTS) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([...new Set(runs.values())], [1])
  // Each parent and each child counts, so there is room for exactly one more.
  await submit(engine)
  await assert.rejects(submit(engine), { code: 'quota_exceeded' })
  await engine.close()
})

// A step that runs out of memory takes a real process with it, so that V8 ends it and nobody can tidy up.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AcceptedIntent, Execution, Session, Status } from '@biplane/protocol'

import { type Plane, json, startRuntime, stop } from '../planes.ts'

const DEATHS = 3
const WAIT_MS_MAX = 20_000
const tenant_id = 'gallery'
const greedy = {
  BIPLANE_CONFIG: join(import.meta.dirname, 'greedy.config.ts'),
  NODE_OPTIONS: '--max-old-space-size=64',
}
const thrifty = { BIPLANE_CONFIG: join(import.meta.dirname, 'thrifty.config.ts') }

test('a step that runs out of memory three times is parked, others end, and it goes on when its code is mended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-memory-'))
  const first = await startRuntime(folder, greedy, 'ignore')
  const { session } = await json<{ session: Session }>(`${first.url}/api/session/create`, { tenant_id })
  const other = await begin(first, session, 'hoard.nothing')
  const hoard = await begin(first, session, 'hoard.all')
  await gone(first)
  for (let death = 2; death <= DEATHS; death++) {
    // It may die before it listens or after: either way it has been tried.
    const plane = await startRuntime(folder, greedy, 'ignore').catch(() => null)
    if (plane) await gone(plane)
  }
  const last = await startRuntime(folder, greedy)
  const { error } = await until(last, hoard, 'parked')
  assert.equal(error?.code, 'execution.poisoned')
  await json(`${last.url}/api/execution/${other}/signal`, { tenant_id, name: 'go' })
  assert.equal((await until(last, other, 'completed')).result, 'done')
  await stop(last)

  const mended = await startRuntime(folder, thrifty)
  assert.equal((await until(mended, hoard, 'parked')).result, null)
  await json(`${mended.url}/api/execution/${hoard}/resume`, { tenant_id, reason: 'It takes what it needs.' })
  assert.equal((await until(mended, hoard, 'completed')).result, 'enough')
  await stop(mended)
  await rm(folder, { recursive: true })
})

async function begin({ url }: Plane, { session_id }: Session, intent_type: string): Promise<string> {
  const envelope = { intent_type, realm: 'hoard', session_id, tenant_id, payload: null }
  return (await json<AcceptedIntent>(`${url}/api/intent/submit`, envelope)).execution_id
}

async function gone({ child }: Plane): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function until({ url }: Plane, id: string, status: Status): Promise<Execution> {
  const deadline = Date.now() + WAIT_MS_MAX
  for (;;) {
    const { execution } = await json<{ execution: Execution }>(`${url}/api/execution/${id}?tenant_id=${tenant_id}`)
    if (execution.status === status) return execution
    if (Date.now() > deadline) throw new Error(`it is ${execution.status} after ${WAIT_MS_MAX} ms`)
    await sleep(20)
  }
}

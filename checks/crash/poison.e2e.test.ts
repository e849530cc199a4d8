import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AcceptedIntent, Execution, Session } from '@biplane/protocol'

import { json, startRuntime, stop } from '../planes.ts'

const RESTARTS = 3
const WAIT_MS_MAX = 10_000

test('an execution that kills the process three times in a row is parked, and the runtime lives on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-poison-'))
  const env = { BIPLANE_CONFIG: join(import.meta.dirname, 'poison.config.ts') }
  const first = await startRuntime(folder, env)
  const { session } = await json<{ session: Session }>(`${first.url}/api/session/create`, { tenant_id: 'acme' })
  const { session_id } = session
  const died = once(first.child, 'exit')
  const envelope = { intent_type: 'poison.drink', realm: 'poison', session_id, tenant_id: 'acme', payload: null }
  const { execution_id } = await json<AcceptedIntent>(`${first.url}/api/intent/submit`, envelope)
  await died
  for (let restart = 0; restart < RESTARTS; restart++) {
    // It may die before it listens or after: either way it has been tried.
    const plane = await startRuntime(folder, env).catch(() => null)
    if (plane && plane.child.exitCode === null && plane.child.signalCode === null) await once(plane.child, 'exit')
  }
  const last = await startRuntime(folder, env)
  const execution = await parked(`${last.url}/api/execution/${execution_id}?tenant_id=acme`)
  assert.equal(execution.error?.code, 'execution.poisoned')
  await stop(last)
  await rm(folder, { recursive: true })
})

async function parked(url: string): Promise<Execution> {
  const deadline = Date.now() + WAIT_MS_MAX
  for (;;) {
    const { execution } = await json<{ execution: Execution }>(url)
    if (execution.status === 'parked') return execution
    if (Date.now() > deadline) throw new Error(`it is ${execution.status} after ${WAIT_MS_MAX} ms`)
    await sleep(20)
  }
}

// The Runtime Plane by itself, with intents submitted by hand: no gateway is started.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { type AcceptedIntent, type Execution, type Session, type StoredArtifact, isFinal } from '@biplane/protocol'

import { json, startRuntime, stop } from './planes.ts'

const END_MS_MAX = 30_000

test('an upload is submitted directly to the runtime and polled to its end; nothing of delivery is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-alone-'))
  const runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(import.meta.dirname, '../runtime.config.ts') })
  const { url } = runtime
  const { session } = await json<{ session: Session }>(`${url}/api/session/create`, { tenant_id: 'acme' })
  const { session_id } = session
  const stored = await fetch(`${url}/api/artifact?tenant_id=acme`, {
    method: 'POST',
    body: 'id,name\n1,Ada\n2,Grace\n',
  })
  const { artifact_id } = (await stored.json()) as StoredArtifact
  const { execution_id, status } = await json<AcceptedIntent>(`${url}/api/intent/submit`, {
    intent_type: 'content.upload',
    realm: 'content',
    session_id,
    tenant_id: 'acme',
    payload: { file: { artifact_id } },
  })
  assert.equal(status, 'accepted')
  const execution = await ended(`${url}/api/execution/${execution_id}?tenant_id=acme`)
  assert.equal(execution.status, 'completed')
  assert.deepEqual((execution.result as { rows: object }).rows, { in: 2, landed: 2, rejected: 0 })
  for (const path of ['/v1/content/upload', '/v1/session', '/docs', '/']) {
    assert.equal((await fetch(`${url}${path}`)).status, 404, path)
  }
  await stop(runtime)
  await rm(folder, { recursive: true })
})

async function ended(url: string): Promise<Execution> {
  const deadline = Date.now() + END_MS_MAX
  for (;;) {
    const { execution } = await json<{ execution: Execution }>(url)
    if (isFinal(execution.status)) return execution
    if (Date.now() > deadline) throw new Error(`it is ${execution.status} after ${END_MS_MAX} ms`)
    await sleep(20)
  }
}

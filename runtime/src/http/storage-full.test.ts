import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import { systemClock } from '../system.ts'
import { TestRuntime } from '../test-runtime.ts'

const PAGES_MAX = 200

const notes = defineRealm({
  name: 'notes',
  version: '1',
  capabilities: [intent('notes.keep', { payload: z.string(), result: z.null(), run: async () => null })],
})

test('a full disk answers 507 and records nothing; reading goes on, and nothing that was accepted is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-full-'))
  const store = await openSqliteStore({ folder, clock: systemClock, pagesMax: PAGES_MAX })
  {
    await using runtime = await TestRuntime.start([notes], { store })
    const session = await runtime.session()
    const accepted: string[] = []
    let refused = null
    for (let i = 0; i < PAGES_MAX && !refused; i++) {
      const answer = await runtime.submit(session, 'notes.keep', 'x'.repeat(20_000))
      if (answer.status === 202) accepted.push(answer.body.execution_id)
      else refused = answer
    }
    assert.deepEqual([refused?.status, refused?.body.code], [507, 'storage_full'])
    assert.ok(accepted.length > 10)
    const list = await runtime.call('GET', '/api/execution?tenant_id=acme&limit=200')
    const listed = list.body.items.map(({ execution_id }: { execution_id: string }) => execution_id)
    assert.deepEqual(listed.toSorted(), accepted.toSorted())
    for (const id of accepted) assert.equal((await runtime.execution(id)).payload, 'x'.repeat(20_000))
  }
  await rm(folder, { recursive: true })
})

// What becomes of an execution that was begun by another version of the program, by the number of its replay rules.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'

import { REPLAY } from '@biplane/realm/replay'

import { TestRuntime } from '../test-runtime.ts'
import { realmOf } from './test-realm.ts'

const isWaiting = (status: string) => status === 'waiting'
const isPaused = (status: string) => status === 'paused'

/** What another version would have written, by an SQL expression over `data`. No process may have the folder. */
function rewriteAccepted(folder: string, data: string): void {
  using db = new DatabaseSync(join(folder, 'biplane.db'))
  db.exec(`UPDATE entry SET data = ${data} WHERE type = 'intent.accepted'`)
}

function counted() {
  const bodies: string[] = []
  const realm = realmOf(async (ctx) => {
    await ctx.step('first', () => bodies.push('first'))
    await ctx.waitFor('go')
    return ctx.step('second', () => bodies.push('second'))
  })
  return { bodies, realm }
}

test('an execution of a newer program pauses with what to do, and goes on when that program runs again', async () => {
  const { bodies, realm } = counted()
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await runtime.until(execution, isWaiting)
  await runtime.restart([realm], (folder) => rewriteAccepted(folder, `json_set(data, '$.replay', ${REPLAY + 1})`))

  await runtime.operate(execution, 'signal', { name: 'go', signal_id: 'one' })
  const { error } = await runtime.until(execution, isPaused)
  assert.equal(error?.code, 'replay.unknown')
  assert.match(
    error?.message ?? '',
    new RegExp(`replay rules ${REPLAY + 1}.*Run the version of Biplane that it began with, or a later one`),
  )
  await runtime.restart()
  assert.equal((await runtime.execution(execution)).status, 'paused')
  assert.deepEqual(bodies, ['first'])

  await runtime.restart([realm], (folder) => rewriteAccepted(folder, `json_set(data, '$.replay', ${REPLAY})`))
  assert.equal((await runtime.until(execution)).status, 'completed')
  assert.deepEqual(bodies, ['first', 'second'])
})

test('a log that was written before there were numbers is replayed by the first rules', async () => {
  const { bodies, realm } = counted()
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.until(execution, isWaiting)
  await runtime.restart([realm], (folder) => rewriteAccepted(folder, `json_remove(data, '$.replay')`))
  await runtime.operate(execution, 'signal', { name: 'go' })
  assert.equal((await runtime.until(execution)).status, 'completed')
  assert.deepEqual(bodies, ['first', 'second'])
})

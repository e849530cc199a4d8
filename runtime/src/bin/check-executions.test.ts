import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Realm } from '@biplane/realm'

import { catalogueOf } from '../engine/catalogue.ts'
import { realmOf } from '../engine/test-realm.ts'
import { DataBeside } from '../store/sqlite/read-beside.ts'
import { TestRuntime } from '../test-runtime.ts'
import { checkExecutions } from './check-executions.ts'

const realmNaming = (step: string) =>
  realmOf(async (ctx, { n, chars = 1, steps = 1 }) => {
    for (let i = 0; i < Number(steps); i++) await ctx.step(n === 7 ? step : 'work', () => 'x'.repeat(Number(chars)))
    return ctx.waitFor('go')
  })

/** Answers what was found, and how many were done after each page. */
async function check({ folder }: TestRuntime, realm: Realm) {
  const data = DataBeside.open(folder)
  assert.ok(data)
  const done: number[] = []
  try {
    return { ...(await checkExecutions(data, catalogueOf([realm]), (count) => done.push(count))), done }
  } finally {
    data.close()
  }
}

async function fill(runtime: TestRuntime, count: number, payload: object = {}): Promise<string[]> {
  const session = await runtime.session()
  const begun = Array.from({ length: count }, (_, n) => runtime.begin(session, 'test.do', { ...payload, n }))
  const ids = await Promise.all(begun)
  await Promise.all(ids.map((id) => runtime.until(id, (status) => status === 'waiting')))
  return ids
}

test('executions are read page by page, and each is counted once', async () => {
  await using runtime = await TestRuntime.start([realmNaming('work')])
  const ids = await fill(runtime, 130)
  const { in_flight, replay, stop, stopped, done } = await check(runtime, realmNaming('other'))
  assert.deepEqual([in_flight, replay, stop], [130, 129, { 'handler.diverged': 1 }])
  assert.deepEqual(
    stopped.map(({ execution_id }) => execution_id),
    [ids[7]],
  )
  assert.deepEqual(done, [64, 128, 130])
})

test('a page of long logs has fewer executions', async () => {
  await using runtime = await TestRuntime.start([realmNaming('work')])
  await fill(runtime, 12, { chars: 250_000, steps: 10 })
  const { in_flight, replay, done } = await check(runtime, realmNaming('work'))
  assert.deepEqual([in_flight, replay, done], [12, 12, [7, 12]])
})

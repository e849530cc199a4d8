import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { Execution } from '@biplane/protocol'
import { ChildFailed, type Limit } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { limitedRealm } from './test-realm.ts'

type Payload = Record<string, unknown>

const byDocument = ({ payload }: { payload: Payload }): string => String(payload['document'])

/** What ran, and with what. */
function debounced(debounce: NonNullable<Limit<Payload>['debounce']>, more: Limit<Payload> = {}) {
  const ran: unknown[] = []
  const realm = limitedRealm({ debounce, key: byDocument, ...more }, async (ctx, { n }) =>
    ctx.step('index', () => {
      ran.push(n)
      return n
    }),
  )
  return { ran, realm }
}

const fateOf = ({ status, superseded_by }: Execution) => [status, superseded_by]

/** Much of it is waiting. */
describe('debounce: only the last of a burst counts', { concurrency: true }, () => {
  test('of a burst the last one begins when it is quiet, and the others end as superseded by it, through a restart', async () => {
    const { ran, realm } = debounced({ quiet: '1500ms' })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const other = await runtime.session('globex')
    const [a, b] = [
      await runtime.begin(session, 'test.do', { document: 'x', n: 'a' }),
      await runtime.begin(session, 'test.do', { document: 'x', n: 'b' }),
    ]
    const { status, waits_for } = await runtime.execution(b)
    assert.equal(status, 'accepted')
    assert.match(waits_for ?? '', /^quiet until \d{4}-\S+Z: a later intent of its key would replace it$/)
    await runtime.restart()
    const c = await runtime.begin(session, 'test.do', { document: 'x', n: 'c' })
    const apart = await runtime.begin(session, 'test.do', { document: 'y', n: 'y' })
    const foreign = await runtime.submit(other, 'test.do', { document: 'x', n: 'globex' }, { tenant_id: 'globex' })
    assert.deepEqual(fateOf(await runtime.until(a)), ['superseded', b])
    assert.deepEqual(fateOf(await runtime.until(b)), ['superseded', c])
    assert.equal((await runtime.until(c)).result, 'c')
    assert.equal((await runtime.until(apart)).result, 'y')
    await waitFor(
      async () => (await runtime.execution(foreign.body.execution_id, 'globex')).status === 'completed' || null,
      'the one of another tenant',
    )
    assert.deepEqual(new Set(ran), new Set(['c', 'globex', 'y']))
    assert.equal(ran.length, 3)
    const events = await runtime.events(session)
    const at = (type: string, id: string) => {
      const event = events.find((each) => each.type === type && 'execution_id' in each && each.execution_id === id)
      return Date.parse(event?.time ?? '')
    }
    assert.ok(
      at('execution.started', c) - at('intent.accepted', c) >= 1_500,
      'it has been quiet for as long as it must',
    )
    const superseded = events.filter((event) => event.type === 'execution.superseded').map(({ data }) => data)
    assert.deepEqual(superseded, [{ superseded_by: b }, { superseded_by: c }])
  })

  test('a burst that does not end is bounded: what came last begins, and a restart in it changes nothing', async () => {
    const { ran, realm } = debounced({ quiet: '1400ms', atMost: '1500ms' })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const first_ms = Date.now()
    for (let n = 0; ran.length === 0; n++) {
      await runtime.begin(session, 'test.do', { document: 'x', n })
      if (n === 3) await runtime.restart()
      assert.ok(Date.now() - first_ms < 10_000, 'it begins in the end')
    }
    const events = await runtime.events(session)
    const begun = events.find(({ type }) => type === 'execution.started')
    const accepted = events.find(({ type }) => type === 'intent.accepted')
    const waited_ms = Date.parse(begun?.time ?? '') - Date.parse(accepted?.time ?? '')
    assert.ok(waited_ms >= 1_500, `${waited_ms} ms`)
  })

  test('one that waits for quiet can be cancelled, killed and paused, and what a person lets go on is not replaced', async () => {
    const { ran, realm } = debounced({ quiet: '700ms' })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const begin = (document: string, n: string) => runtime.begin(session, 'test.do', { document, n })
    const [cancelled, killed, paused] = [await begin('c', 'c'), await begin('k', 'k'), await begin('p', 'p1')]
    assert.equal((await runtime.operate(cancelled, 'cancel')).body.status, 'cancelled')
    assert.equal((await runtime.operate(killed, 'cancel', { mode: 'kill' })).body.status, 'cancelled')
    assert.equal((await runtime.operate(paused, 'pause')).body.status, 'paused')
    const later = await begin('p', 'p2')
    assert.equal((await runtime.until(later)).result, 'p2')
    assert.equal((await runtime.execution(paused)).status, 'paused')
    await runtime.restart()
    const latest = await begin('p', 'p3')
    await runtime.operate(paused, 'resume')
    assert.equal((await runtime.until(paused)).result, 'p1')
    assert.equal((await runtime.until(latest)).result, 'p3')
    assert.deepEqual(ran, ['p2', 'p1', 'p3'])
  })

  test('who waits for the end of one that is replaced is told so, with the one that is done instead; its key answers as before', async () => {
    const { realm } = debounced({ quiet: '700ms' })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const submit = (n: number, headers: Record<string, string>) => {
      const envelope = { intent_type: 'test.do', realm: 'test', session_id: session, tenant_id: 'acme' }
      return runtime.call('POST', '/api/intent/submit', { ...envelope, payload: { document: 'x', n } }, headers)
    }
    const first = submit(1, { prefer: 'wait=10', 'idempotency-key': 'one' })
    await waitFor(async () => (await runtime.types(session)).includes('intent.accepted') || null, 'the first')
    const second = submit(2, { prefer: 'wait=10' })
    const [replaced, done] = [await first, await second]
    assert.deepEqual([replaced.status, replaced.body.status, replaced.body.result], [200, 'superseded', null])
    assert.equal(replaced.body.superseded_by, done.body.execution_id)
    assert.deepEqual([done.body.status, done.body.result], ['completed', 2])
    const again = await submit(1, { prefer: 'wait=10', 'idempotency-key': 'one' })
    assert.deepEqual([again.body.execution_id, again.body.status], [replaced.body.execution_id, 'superseded'])
    assert.deepEqual((await runtime.operate(replaced.body.execution_id, 'cancel')).body.code, 'execution_final')
  })

  test('a parent whose child is replaced is told so by its call, and what is replaced can be done again by a person', async () => {
    const ran: unknown[] = []
    const realm = limitedRealm({ debounce: { quiet: '300ms' } }, async (ctx, { n, parent }) => {
      if (!parent) return ran.push(n)
      const replaced = ctx.call('test.do', { n: 1 }).catch((error: unknown) => error)
      const [error] = await Promise.all([replaced, ctx.call('test.do', { n: 2 })])
      return error instanceof ChildFailed ? [error.code, error.message] : 'no'
    })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const parent = await runtime.run(session, 'test.do', { parent: true })
    const [first, second] = parent.children
    assert.deepEqual([first?.status, second?.status], ['superseded', 'completed'])
    assert.deepEqual(parent.result, [
      'execution.superseded',
      `A later one of its key came before it began: ${second?.execution_id} is done instead.`,
    ])
    const retried = await runtime.operate(first?.execution_id ?? '', 'retry')
    await runtime.until(retried.body.execution_id)
    assert.deepEqual(ran, [2, 1])
  })

  test('what waits for a slot has not begun, so a later one takes its place', async () => {
    const ran: unknown[] = []
    const limit = { concurrency: 1, debounce: { quiet: 50 } } as const
    const realm = limitedRealm(limit, async (ctx, { n }) => {
      ran.push(n)
      if (n === 'busy') await ctx.step('hold', async () => waitFor(() => ran.includes('go') || null, 'the word'))
    })
    await using runtime = await TestRuntime.start([realm])
    const session = await runtime.session()
    const begin = (n: string) => runtime.begin(session, 'test.do', { n })
    const busy = await begin('busy')
    await waitFor(() => ran.includes('busy') || null, 'the one at work')
    const queued = await begin('queued')
    await waitFor(
      async () => (await runtime.execution(queued)).waits_for === 'a free slot: 1 of 1 are in use' || null,
      'its place in the queue',
    )
    const last = await begin('last')
    assert.deepEqual(fateOf(await runtime.until(queued)), ['superseded', last])
    ran.push('go')
    await runtime.until(busy)
    assert.equal((await runtime.until(last)).status, 'completed')
    assert.deepEqual(ran, ['busy', 'go', 'last'])
  })
})

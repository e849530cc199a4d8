// Of a burst the last one is done, on SQLite with restarts in the middle. How long it must be quiet is told by the log, so that a busy
// machine changes nothing; the bounds above are held in virtual time (realm/testing/src/flow-control.test.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Execution } from '@biplane/protocol'
import { ChildFailed, type Limit } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, limitedRealm } from './test-realm.ts'

type Payload = Record<string, unknown>

/** `busy` holds its slot, if there is only one, until the gate is open; the others say that they ran. */
function debounced(debounce: NonNullable<Limit<Payload>['debounce']>, more: Limit<Payload> = {}) {
  const ran: unknown[] = []
  const free = gate()
  const key = ({ payload }: { payload: Payload }) => String(payload['document'] ?? '')
  const realm = limitedRealm({ debounce, key, ...more }, async (ctx, { n }) =>
    ctx.step('index', async (step) => {
      if (n === 'busy') return Promise.race([free.passed, heedful(step.signal)])
      ran.push(n)
      return n
    }),
  )
  return { ran, realm, free }
}

const fateOf = ({ status, superseded_by }: Execution) => [status, superseded_by]

/** When something happened to an execution, by the log. */
async function timeOf(runtime: TestRuntime, session: string, type: string, execution: string): Promise<number> {
  const events = await runtime.events(session)
  const event = events.find((each) => each.type === type && each.subject === execution)
  return Date.parse(event?.time ?? '')
}

const isRunning = (status: string) => status === 'running'

test('the last of a burst begins when it has been quiet, a restart in between or not, and the one before names it', async () => {
  const { ran, realm } = debounced({ quiet: 1_000 })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const begin = (n: string) => runtime.begin(session, 'test.do', { n })
  const [a, b] = [await begin('a'), await begin('b')]
  const { status, waits_for } = await runtime.execution(b)
  assert.equal(status, 'accepted')
  assert.match(waits_for ?? '', /^quiet until \d{4}-\S+Z: a later intent of its key would replace it$/)
  await runtime.restart()
  assert.equal((await runtime.until(b)).result, 'b')
  assert.deepEqual(fateOf(await runtime.execution(a)), ['superseded', b])
  const [accepted, started] = [
    await timeOf(runtime, session, 'intent.accepted', b),
    await timeOf(runtime, session, 'execution.started', b),
  ]
  assert.ok(started - accepted >= 1_000, `${started - accepted} ms`)
  assert.deepEqual(ran, ['b'])
  const superseded = (await runtime.events(session)).find(({ type }) => type === 'execution.superseded')
  assert.deepEqual(superseded?.data, { superseded_by: b })
})

test('a later one replaces one that a process before has left, in its tenant and with its key, and nothing else', async () => {
  const { ran, realm, free } = debounced({ quiet: 1 }, { concurrency: 1 })
  await using runtime = await TestRuntime.start([realm])
  const [session, elsewhere, foreign] = [
    await runtime.session(),
    await runtime.session(),
    await runtime.session('globex'),
  ]
  const begin = (n: string, where = session, document = '') => runtime.begin(where, 'test.do', { n, document })
  const beginForeign = async (n: string) => {
    const { body } = await runtime.submit(foreign, 'test.do', { n }, { tenant_id: 'globex' })
    return body.execution_id as string
  }
  const busy = await begin('busy')
  await runtime.until(busy, isRunning)
  const [a, theirs] = [await begin('a'), await beginForeign('theirs')]
  await runtime.restart()
  const b = await begin('b', elsewhere)
  assert.deepEqual(fateOf(await runtime.until(a)), ['superseded', b])
  assert.equal((await runtime.until(await begin('other', session, 'other'))).result, 'other')
  await runtime.restart()
  const c = await begin('c')
  assert.deepEqual(fateOf(await runtime.until(b)), ['superseded', c])
  free.open()
  await runtime.until(busy)
  assert.equal((await runtime.until(c)).result, 'c')
  await waitFor(async () => (await runtime.execution(theirs, 'globex')).status === 'completed' || null, 'theirs')
  assert.deepEqual(new Set(ran), new Set(['other', 'theirs', 'c']))
})

test('the bound on a burst counts from its first one, through a restart', async () => {
  const { ran, realm } = debounced({ quiet: 1_500, atMost: 1_500 })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const first = await runtime.begin(session, 'test.do', { n: 0 })
  const { waits_for } = await runtime.execution(first)
  const last = await runtime.begin(session, 'test.do', { n: 1 })
  // The later one is due when the first one would have been.
  assert.equal((await runtime.execution(last)).waits_for ?? waits_for, waits_for)
  await runtime.restart()
  assert.equal((await runtime.until(last)).result, 1)
  const accepted = await timeOf(runtime, session, 'intent.accepted', first)
  assert.ok((await timeOf(runtime, session, 'execution.started', last)) - accepted >= 1_500)
  assert.deepEqual(ran, [1])
})

test('one that waits for quiet can be cancelled, killed and paused, and what a person lets go on is not replaced', async () => {
  const { ran, realm } = debounced({ quiet: '1h' })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const begin = (document: string, n: string) => runtime.begin(session, 'test.do', { document, n })
  const [cancelled, killed, paused] = [await begin('c', 'c'), await begin('k', 'k'), await begin('p', 'p1')]
  assert.equal((await runtime.operate(cancelled, 'cancel')).body.status, 'cancelled')
  assert.equal((await runtime.operate(killed, 'cancel', { mode: 'kill' })).body.status, 'cancelled')
  assert.equal((await runtime.operate(paused, 'pause')).body.status, 'paused')
  const later = await begin('p', 'p2')
  assert.equal((await runtime.execution(paused)).status, 'paused')
  await runtime.restart()
  await runtime.operate(paused, 'resume')
  assert.equal((await runtime.until(paused)).result, 'p1')
  assert.equal((await runtime.execution(later)).status, 'accepted')
  const latest = await begin('p', 'p3')
  assert.deepEqual(fateOf(await runtime.until(later)), ['superseded', latest])
  assert.deepEqual(ran, ['p1'])
})

test('who waits for the end of one that is replaced is told so, with the one that is done instead; its key answers as before', async () => {
  const { realm, free } = debounced({ quiet: 1 }, { concurrency: 1 })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const busy = await runtime.begin(session, 'test.do', { n: 'busy' })
  await runtime.until(busy, isRunning)
  const submit = (n: number, headers: Record<string, string>) => {
    const envelope = { intent_type: 'test.do', realm: 'test', session_id: session, tenant_id: 'acme' }
    return runtime.call(
      'POST',
      '/api/intent/submit',
      { ...envelope, payload: { n } },
      { prefer: 'wait=20', ...headers },
    )
  }
  const first = submit(1, { 'idempotency-key': 'one' })
  const accepted = async () => (await runtime.types(session)).filter((type) => type === 'intent.accepted').length
  await waitFor(async () => (await accepted()) === 2 || null, 'the first')
  const second = submit(2, {})
  const replaced = await first
  assert.deepEqual([replaced.status, replaced.body.status, replaced.body.result], [200, 'superseded', null])
  free.open()
  const done = await second
  assert.equal(replaced.body.superseded_by, done.body.execution_id)
  assert.deepEqual([done.body.status, done.body.result], ['completed', 2])
  const again = await submit(1, { 'idempotency-key': 'one' })
  assert.deepEqual([again.body.execution_id, again.body.status], [replaced.body.execution_id, 'superseded'])
  assert.deepEqual((await runtime.operate(replaced.body.execution_id, 'cancel')).body.code, 'execution_final')
})

test('a parent whose child is replaced is told so by its call, and what is replaced can be done again by a person', async () => {
  const ran: unknown[] = []
  const realm = limitedRealm({ debounce: { quiet: 300 } }, async (ctx, { n, parent }) => {
    if (!parent) return ran.push(n)
    const replaced = ctx.call('test.do', { n: 1 }).catch((error: unknown) => error)
    const [error] = await Promise.all([replaced, ctx.call('test.do', { n: 2 })])
    return error instanceof ChildFailed ? [error.code, error.message] : 'no'
  })
  await using runtime = await TestRuntime.start([realm])
  const parent = await runtime.run(await runtime.session(), 'test.do', { parent: true })
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

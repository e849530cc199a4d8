import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'

import { type House, openHouse } from '../testing/house.ts'
import { Speaker } from './testing/speaker.ts'

let house: House
let speaker: Speaker
const TENANT = 'acme'
const COUNT = { type: 'submit', intent_type: 'trial_bench.count', tenant_id: TENANT }

before(async () => {
  house = await openHouse({ experience: { surfaces: ['websocket'] } })
  speaker = await Speaker.open(house.url)
})
after(async () => {
  speaker[Symbol.dispose]()
  await house[Symbol.asyncDispose]()
})

test('an intent is accepted, and its end told to who waits for it', async () => {
  const session_id = await speaker.session()
  const accepted = await speaker.ask({ ...COUNT, id: 'mine', session_id, payload: { to: 2 }, wait_ms: 10_000 })
  assert.deepEqual([accepted.type, accepted['status'], accepted['session_id']], ['accepted', 'accepted', session_id])
  const ended = await speaker.hears('ended', { id: 'mine' })
  assert.deepEqual(
    { ...ended, intent_id: undefined },
    {
      type: 'ended',
      id: 'mine',
      intent_id: undefined,
      execution_id: accepted['execution_id'],
      session_id,
      status: 'completed',
      compensated: false,
      result: { counted: 2 },
      error: null,
    },
  )
})

test('who waits no longer than the execution takes is told that it has not ended', async () => {
  const message = { ...COUNT, intent_type: 'trial_bench.ask', payload: {}, wait_ms: 100 }
  const { id, execution_id } = await speaker.ask(message)
  const told = await speaker.hears('not_ended', { id })
  assert.deepEqual([told['execution_id'], told['compensated']], [execution_id, false])
  assert.match(told['status'], /^(running|waiting)$/)
})

test('without a session one is made, and the same key finds intent and session again', async () => {
  const message = { ...COUNT, payload: { to: 1 }, idempotency_key: 'once' }
  const first = await speaker.ask(message)
  const again = await speaker.ask(message)
  assert.equal(first.type, 'accepted')
  assert.deepEqual({ ...again, id: '' }, { ...first, id: '' })
  const { answer } = await speaker.ask({ type: 'list_executions', session_id: first['session_id'], tenant_id: TENANT })
  assert.equal(answer.items.length, 1)
  const other = await speaker.ask({ ...message, payload: { to: 2 }, session_id: first['session_id'] })
  assert.deepEqual([other.type, other['code'], other['status']], ['error', 'idempotency_conflict', 409])
  const differ = await speaker.ask({ ...message, intent_id: `int_${'0'.repeat(26)}` })
  assert.equal(differ['code'], 'idempotency_keys_differ')
})

test('a query is answered, and one that nobody waits for any more is stopped', async () => {
  const ask = { type: 'query', query_type: 'trial_bench.echo', tenant_id: TENANT }
  assert.deepEqual((await speaker.ask({ ...ask, payload: { text: 'x' } }))['answer'], { text: 'x' })
  const note = `${house.runtime.folder}/note`
  const leaver = await Speaker.open(house.url)
  leaver.say({ ...ask, id: 'l', query_type: 'trial_bench.linger', payload: { note } })
  const { readFile } = await import('node:fs/promises')
  await until('the query to begin', () => readFile(note, 'utf8').catch(() => false))
  leaver.socket.close()
  await until('it to be stopped', async () => (await readFile(note, 'utf8')).endsWith('left'))
})

test('sessions and executions are made, read, listed and closed', async () => {
  const of = { tenant_id: TENANT }
  const create = { type: 'create_session', ...of, user_id: 'ada', metadata: { a: 1 }, idempotency_key: 'session-1' }
  const { session } = (await speaker.ask(create))['answer']
  assert.deepEqual([session.tenant_id, session.user_id, session.metadata], [TENANT, 'ada', { a: 1 }])
  assert.deepEqual((await speaker.ask(create))['answer'], { session })
  const { session_id } = session
  assert.deepEqual((await speaker.ask({ type: 'get_session', ...of, session_id }))['answer'], { session })
  assert.deepEqual((await speaker.ask({ type: 'list_state', ...of, session_id }))['answer'], { items: [], next: null })
  const { id, execution_id } = await speaker.ask({ ...COUNT, session_id, payload: { to: 1 }, wait_ms: 10_000 })
  await speaker.hears('ended', { id })
  const { execution } = (await speaker.ask({ type: 'get_execution', ...of, execution_id }))['answer']
  assert.deepEqual([execution.status, execution.steps.length], ['completed', 1])
  const page = await speaker.ask({ type: 'list_executions', ...of, status: 'completed', limit: 1 })
  assert.equal(page['answer'].items.length, 1)
  const sessions = await speaker.ask({ type: 'list_sessions', ...of, limit: 1 })
  assert.equal(sessions['answer'].items[0].session_id, session_id)
  const closed = await speaker.ask({ type: 'close_session', ...of, session_id, reason: 'done' })
  assert.equal(closed['answer'].session.status, 'closed')
})

test('an execution is paused, resumed, decided, done again, forked and cancelled', async () => {
  const of = { tenant_id: TENANT }
  const { execution_id } = await speaker.ask({ ...COUNT, intent_type: 'trial_bench.ask', payload: {} })
  const statusOf = async (id: unknown) =>
    (await speaker.ask({ type: 'get_execution', ...of, execution_id: id }))['answer'].execution
  const becomes = (id: unknown, status: string) =>
    until(status, async () => {
      const execution = await statusOf(id)
      return execution.status === status && execution
    })
  await becomes(execution_id, 'waiting')
  assert.equal((await speaker.ask({ type: 'pause', ...of, execution_id }))['answer'].status, 'paused')
  await speaker.ask({ type: 'resume', ...of, execution_id, reason: 'lunch is over' })
  const approve = { type: 'approve', ...of, execution_id, name: 'go', approved: true, signal_id: 'd1', reason: 'fine' }
  assert.equal((await speaker.ask(approve))['answer'].signal_id, 'd1')
  assert.deepEqual((await becomes(execution_id, 'completed')).result, { reason: 'fine' })
  assert.equal((await speaker.ask({ ...approve, approved: false, signal_id: 'd2' }))['code'], 'execution_final')

  const retried = await speaker.ask({ type: 'retry', ...of, execution_id, idempotency_key: 'again' })
  assert.equal(retried.type, 'accepted')
  await speaker.ask({ ...approve, execution_id: retried['execution_id'], approved: false, signal_id: 'd3' })
  assert.equal((await becomes(retried['execution_id'], 'failed')).error.code, 'approval.refused')
  const forked = await speaker.ask({ type: 'fork', ...of, execution_id: retried['execution_id'], through: 0 })
  assert.equal(forked.type, 'accepted')
  const signal = { type: 'signal', ...of, execution_id: forked['execution_id'], name: 'other', payload: { n: 1 } }
  assert.equal((await speaker.ask(signal)).type, 'answer')
  await speaker.ask({ type: 'cancel', ...of, execution_id: forked['execution_id'], reason: 'enough' })
  await becomes(forked['execution_id'], 'cancelled')
  const settled = await speaker.ask({ type: 'settle', ...of, execution_id: forked['execution_id'] })
  assert.equal(settled['code'], 'execution_not_parked')
})

test('the catalogue is there for everyone, and a ping is answered', async () => {
  const { answer } = await speaker.ask({ type: 'list_capabilities' })
  assert.ok(answer.capabilities.some(({ type }: { type: string }) => type === 'trial_bench.count'))
  assert.deepEqual(await speaker.ask({ type: 'ping', id: 'p' }), { type: 'pong', id: 'p' })
})

test('the tenant is named once by hello or in the address, and a message may still name another', async () => {
  using greeter = await Speaker.open(house.url)
  const unnamed = await greeter.ask({ type: 'list_sessions' })
  assert.equal(unnamed['code'], 'tenant_required')
  greeter.say({ type: 'hello', id: 'h', tenant_id: 'greeted' })
  const { answer } = await greeter.ask({ type: 'create_session' })
  assert.equal(answer.session.tenant_id, 'greeted')
  assert.deepEqual(await greeter.hears('welcome'), { type: 'welcome', id: 'h', tenant_id: 'greeted' })
  assert.equal((await greeter.ask({ type: 'get_session', session_id: answer.session.session_id })).type, 'answer')
  const foreign = await greeter.ask({ type: 'get_session', tenant_id: 'rival', session_id: answer.session.session_id })
  assert.equal(foreign['code'], 'session_not_found')
  using addressed = await Speaker.open(house.url, { query: '?tenant_id=greeted' })
  assert.equal((await addressed.ask({ type: 'list_sessions' }))['answer'].items.length, 1)
})

test('each error is told of its own request, with what to do, and the socket goes on', async () => {
  const session_id = await speaker.session()
  const submit = { ...COUNT, session_id, payload: { to: 1 } }
  const cases: [message: { type: string; [field: string]: unknown }, code: string, status: number][] = [
    [{ type: 'shout' }, 'body_invalid', 400],
    [{ type: 'get_execution', execution_id: 'exe_1', tenant_id: TENANT }, 'body_invalid', 400],
    [{ ...submit, extra: true }, 'body_invalid', 400],
    [{ ...submit, wait_ms: 60_001 }, 'body_invalid', 400],
    [{ ...submit, intent_type: 'trial_bench.nothing' }, 'intent_type_unknown', 404],
    [{ ...submit, intent_type: 'trial_bench.nothing', session_id: undefined }, 'intent_type_unknown', 404],
    [{ ...submit, intent_type: 'trial_bench.echo', session_id: undefined }, 'intent_type_unknown', 404],
    [{ ...submit, payload: { to: 0 } }, 'payload_invalid', 422],
    [{ ...submit, payload: { to: 0 }, session_id: undefined }, 'payload_invalid', 422],
    [{ ...submit, session_id: `ses_${'0'.repeat(26)}` }, 'session_not_found', 404],
    [{ ...submit, tenant_id: 'rival' }, 'session_not_found', 404],
    [{ type: 'query', query_type: 'trial_bench.none', payload: {}, tenant_id: TENANT }, 'query_type_unknown', 404],
    [{ type: 'query', query_type: 'trial_bench.echo', payload: {}, tenant_id: TENANT }, 'payload_invalid', 422],
    [{ type: 'subscribe', session_id: `ses_${'0'.repeat(26)}`, tenant_id: TENANT }, 'session_not_found', 404],
    [{ type: 'subscribe', session_id, tenant_id: TENANT, offset: 'yesterday' }, 'offset_invalid', 400],
    [{ type: 'upload_end' }, 'upload_invalid', 400],
  ]
  for (const [message, code, status] of cases) {
    const error = await speaker.ask(message)
    assert.deepEqual([error.type, error['code'], error['status']], ['error', code, status], JSON.stringify(message))
    for (const field of ['title', 'detail', 'advice', 'instance']) assert.ok(error[field], `${code}: ${field}`)
    if (message.type === 'subscribe') assert.equal(error['session_id'], message['session_id'])
  }
  const from = speaker.heard.length
  for (const text of ['nonsense', '[]', '"text"', '{"type":"ping","id":""}', '['.repeat(100)]) speaker.socket.send(text)
  speaker.socket.send('{"type":"submit","id":"n","payload":"\\u0000"}')
  await until('six errors', () => speaker.heard.length === from + 6)
  assert.deepEqual(
    speaker.heard.slice(from).map((one) => one['code']),
    ['malformed_json', 'body_invalid', 'body_invalid', 'body_invalid', 'body_too_deep', 'text_invalid'],
  )
  assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong')
})

test('a payload that is refused leaves no session behind', async () => {
  const of = { tenant_id: 'orderly' }
  await speaker.ask({ ...COUNT, ...of, payload: { to: 0 } })
  assert.deepEqual((await speaker.ask({ type: 'list_sessions', ...of }))['answer'].items, [])
})

test('what is not an upgrade is told so, and where no socket is there is none', async () => {
  const answer = await house.call('GET', '/v1/socket')
  assert.deepEqual([answer.status, (answer.body as { code: string }).code], [426, 'upgrade_required'])
  const refused = await Speaker.open(`${house.url}/elsewhere`).catch((error: unknown) => error)
  assert.match(String(refused), /404/)
  for (const path of ['/v1/trial-bench/count', '/v1/session', '/openapi.json']) {
    assert.equal((await house.call('GET', path)).status, 404, path)
  }
})

test('the subprotocol is the one that was offered', async () => {
  assert.equal(speaker.socket.protocol, 'biplane.v1')
})

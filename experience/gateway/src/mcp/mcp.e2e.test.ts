import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { type Progress, ProtocolError } from '@modelcontextprotocol/client'

import { type House, openHouse } from '../testing/house.ts'
import { type Agent, httpAgent } from './testing/agent.ts'
import { BENCH_REALM } from './testing/bench-realm.ts'

let house: House
let agent: Agent

/** This surface alone: it needs no other. */
before(async () => {
  house = await openHouse({ realm: BENCH_REALM, experience: { surfaces: ['mcp'] } })
  agent = await httpAgent(house.url, '/mcp?tenant_id=acme')
})
after(async () => {
  await agent[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

const OURS = [
  'execution_status',
  'execution_result',
  'execution_cancel',
  'execution_approve',
  'execution_signal',
  'events_read',
]

test('every capability is a tool with its schemas, and our own stand beside them', async () => {
  const { tools } = await agent.client.listTools()
  const capabilities = ['count', 'keep_file', 'sleep', 'ask', 'listen', 'fail', 'choose', 'echo', 'letters']
  assert.deepEqual(
    tools.map(({ name }) => name),
    [...capabilities.map((name) => `bench_${name}`), ...OURS],
  )
  const [count] = tools
  assert.ok(count?.outputSchema)
  assert.deepEqual([count.title, count.annotations?.readOnlyHint], ['Counts', false])
  assert.match(count.description ?? '', /^Counts, one step at a time\. .*execution_id/)
  const { properties, required } = count.inputSchema ?? {}
  assert.deepEqual(Object.keys(properties ?? {}), ['session_id', 'intent_id', 'wait_s', 'to'])
  assert.deepEqual(required, ['to'])
  const { result } = count.outputSchema.properties as { result: { properties: object } }
  assert.deepEqual(Object.keys(result.properties), ['counted'])
  const echo = tools.find(({ name }) => name === 'bench_echo')
  assert.equal(echo?.annotations?.readOnlyHint, true)
  assert.deepEqual(Object.keys(echo?.inputSchema.properties ?? {}), ['session_id', 'text'])
})

test('an intent answers with its result, and its events are told as progress that rises', async () => {
  const told: Progress[] = []
  const { isError, content } = await agent.call('bench_count', { to: 3 }, { onprogress: (one) => told.push(one) })
  assert.deepEqual([isError, content.status, content.result], [false, 'completed', { counted: 3 }])
  assert.deepEqual(
    told.map(({ progress, message }) => `${progress} ${message}`),
    ['intent accepted', 'execution started', ...Array(3).fill('count completed'), 'execution completed'].map(
      (message, index) => `${index + 1} ${message}`,
    ),
  )
})

test('a client of the years before 2026 is served the same', async () => {
  await using old = await httpAgent(house.url, '/mcp?tenant_id=acme', {})
  assert.equal(old.client.getProtocolEra(), 'legacy')
  assert.equal(agent.client.getProtocolEra(), 'modern')
  assert.deepEqual((await old.client.listTools()).tools.length, (await agent.client.listTools()).tools.length)
  let told = 0
  const { content } = await old.call('bench_count', { to: 2 }, { onprogress: () => told++ })
  assert.deepEqual([content.result, told], [{ counted: 2 }, 5])
})

test('a query answers with what it found, wrapped if that is not an object', async () => {
  assert.deepEqual((await agent.call('bench_echo', { text: 'hello' })).content, { text: 'hello' })
  assert.deepEqual((await agent.call('bench_letters', { text: 'hi' })).content, { result: ['h', 'i'] })
})

test('a payload that is not one plain object stands in a field of its own', async () => {
  const { content } = await agent.call('bench_choose', { payload: { number: 7 } })
  assert.equal(content.result, '7')
})

test('a file comes inside the call, by its id, or by the link that an answer gave', async () => {
  const inline = await agent.call('bench_keep_file', { file: { text: 'a,b\n1,2\n', name: 'x.csv' }, label: 'first' })
  const { kept, label } = inline.content.result
  assert.deepEqual([kept.name, kept.size, kept.media_type, label], ['x.csv', 8, 'text/plain', 'first'])
  const [link = ''] = inline.links
  assert.equal(link, `biplane://artifact/${kept.artifact_id}`)

  const base64 = Buffer.from('a,b\n1,2\n').toString('base64')
  const files = [
    { base64, media_type: 'text/csv' },
    { artifact_id: kept.artifact_id },
    { type: 'resource_link', uri: link, name: 'x.csv', mimeType: 'text/plain' },
  ]
  for (const file of files) {
    const again = await agent.call('bench_keep_file', { file })
    assert.equal(again.content.result.kept.artifact_id, kept.artifact_id, Object.keys(file).join())
  }
  const { contents } = await agent.client.readResource({ uri: link })
  assert.deepEqual(contents, [{ uri: link, mimeType: 'text/plain', text: 'a,b\n1,2\n' }])
})

test('what is wrong with a call is said as its answer, field by field, and nothing is made for it', async () => {
  const before = (await agent.client.listResources()).resources.length
  const big = 'x'.repeat(256 * 1024 + 1)
  const cases: [tool: string, args: Record<string, unknown>, code: string, path?: string][] = [
    ['bench_count', { to: 'many' }, 'payload_invalid', 'to'],
    ['bench_count', { to: 1, more: true }, 'payload_invalid', ''],
    ['bench_count', { to: 1, wait_s: 3600 }, 'payload_invalid', 'wait_s'],
    ['bench_count', { to: 1, session_id: 'mine' }, 'payload_invalid', 'session_id'],
    ['bench_choose', { number: 7 }, 'payload_invalid', ''],
    ['bench_keep_file', { file: { text: 'a', base64: 'YQ==' } }, 'payload_invalid', 'file'],
    ['bench_keep_file', { file: { uri: 'https://example.com/a.csv' } }, 'payload_invalid', 'file.uri'],
    ['bench_keep_file', { file: { text: 'a' }, label: 1 }, 'payload_invalid', 'label'],
    ['bench_keep_file', { file: { text: big } }, 'file_data_too_large'],
    ['bench_keep_file', { file: { artifact_id: `art_${'0'.repeat(64)}` } }, 'artifact_not_found'],
    ['bench_echo', {}, 'payload_invalid', 'text'],
    ['execution_status', { execution_id: 'exe_1' }, 'payload_invalid', 'execution_id'],
    ['execution_status', { execution_id: `exe_${'0'.repeat(26)}` }, 'execution_not_found'],
    ['events_read', { session_id: `ses_${'0'.repeat(26)}` }, 'session_not_found'],
  ]
  for (const [tool, args, code, path] of cases) {
    const { isError, content } = await agent.call(tool, args)
    assert.deepEqual([isError, content.code], [true, code], `${tool} ${JSON.stringify(args).slice(0, 60)}`)
    assert.ok(content.detail && content.advice)
    if (path !== undefined) assert.equal(content.errors[0].path, path, tool)
  }
  assert.equal((await agent.client.listResources()).resources.length, before)
  await assert.rejects(agent.call('bench_fly'), (error) => error instanceof ProtocolError && error.code === -32602)
})

test('a failed execution is an error of its tool: its code, what happened, and what was done about it', async () => {
  const { isError, content } = await agent.call('bench_fail')
  assert.deepEqual([isError, content.status, content.compensated], [true, 'failed', true])
  const { code, message, advice } = content.error
  assert.deepEqual([code, message], ['bench.empty', 'There is nothing left to take.'])
  assert.match(advice, /taken back.*execution_status/)
  const standing = await agent.call('execution_status', { execution_id: content.execution_id })
  assert.equal(standing.isError, false)
  assert.deepEqual(
    standing.content.steps.map(({ name, status }: { name: string; status: string }) => [name, status]),
    [['take', 'undone']],
  )
})

test('what takes longer answers with a handle, and is waited for, read about and cancelled by it', async () => {
  const { isError, content } = await agent.call('bench_sleep', { ms: 3_600_000, wait_s: 0 })
  const { execution_id, session_id, next } = content as Record<string, string>
  assert.equal(isError, false)
  assert.ok(['accepted', 'running', 'waiting'].includes(content.status))
  assert.match(next ?? '', /execution_result/)

  const still = await agent.call('execution_result', { execution_id, wait_s: 0.05 })
  assert.deepEqual([still.isError, still.content.status], [false, 'waiting'])
  const page = await agent.call('events_read', { session_id, limit: 2 })
  const rest = await agent.call('events_read', { session_id, offset: page.content.next_offset })
  const types = [...page.content.events, ...rest.content.events].map(({ type }) => type)
  assert.deepEqual(types, ['session.created', 'intent.accepted', 'execution.started', 'execution.waiting'])
  assert.deepEqual([page.content.up_to_date, rest.content.up_to_date], [false, true])

  const ending = agent.call('execution_result', { execution_id })
  await agent.call('execution_cancel', { execution_id, reason: 'not needed any more' })
  const ended = await ending
  assert.deepEqual([ended.isError, ended.content.status], [true, 'cancelled'])
})

test('an approval is handed back to the agent, which decides nothing itself', async () => {
  const { isError, content } = await agent.call('bench_ask')
  assert.deepEqual([isError, content.status], [false, 'waiting'])
  assert.deepEqual(content.awaits[0].approval, { title: 'Shall it go on?' })
  assert.match(content.next, /"go" \(Shall it go on\?\)\. Ask whoever may decide, call execution_approve/)
  const { execution_id } = content
  await agent.call('execution_approve', { execution_id, name: 'go', approved: true, reason: 'Ada said so' })
  const { content: ended } = await agent.call('execution_result', { execution_id })
  assert.deepEqual([ended['status'], ended['result']], ['completed', { reason: 'Ada said so' }])

  const refused = await agent.call('bench_ask')
  const { execution_id: other } = refused.content
  await agent.call('execution_approve', { execution_id: other, name: 'go', approved: false })
  assert.equal((await agent.call('execution_result', { execution_id: other })).content.status, 'failed')
  const late = await agent.call('execution_approve', { execution_id: other, name: 'go', approved: true })
  assert.deepEqual([late.isError, late.content.code], [true, 'execution_final'])
})

test('a signal is told, and what waits for it goes on', async () => {
  const { content } = await agent.call('bench_listen')
  const { execution_id } = content
  assert.match(content.next, /signal "word".*execution_signal/)
  const waiting = agent.call('execution_result', { execution_id })
  await agent.call('execution_signal', { execution_id, name: 'word', payload: { said: 'go' } })
  assert.deepEqual((await waiting).content.result, { heard: 'go' })
})

test('a call whose answer was lost is asked for again by its intent_id, and runs once', async () => {
  const first = await agent.call('bench_count', { to: 2 })
  const { session_id, intent_id, execution_id } = first.content
  for (const args of [
    { to: 2, intent_id },
    { to: 2, intent_id, session_id },
  ]) {
    const again = await agent.call('bench_count', args)
    assert.deepEqual([again.content.execution_id, again.content.result], [execution_id, { counted: 2 }])
  }
  const differs = await agent.call('bench_count', { to: 3, intent_id, session_id })
  assert.deepEqual([differs.isError, differs.content.code], [true, 'idempotency_conflict'])
  assert.equal(differs.content.intent_id, intent_id)
})

test('work of one session shares its log, whichever calls it came by', async () => {
  const { content: first } = await agent.call('bench_count', { to: 1 })
  const { session_id } = first
  const { content: second } = await agent.call('bench_count', { to: 2, session_id })
  assert.deepEqual([second['session_id'], second['result']], [session_id, { counted: 2 }])
})

test('what went on is a resource: the latest executions are listed and read', async () => {
  const { content } = await agent.call('bench_count', { to: 1 })
  const { resources } = await agent.client.listResources()
  const uri = `biplane://execution/${content.execution_id}`
  assert.deepEqual([resources[0]?.uri, resources[0]?.title], [uri, 'bench.count: completed'])
  const { contents } = await agent.client.readResource({ uri })
  const [execution] = contents
  assert.ok(execution && 'text' in execution)
  assert.deepEqual(JSON.parse(execution.text).result, { counted: 1 })
  for (const missing of [
    'biplane://execution/exe_1',
    `biplane://artifact/art_${'0'.repeat(64)}`,
    'file:///etc/passwd',
  ]) {
    await assert.rejects(agent.client.readResource({ uri: missing }), ProtocolError, missing)
  }
})

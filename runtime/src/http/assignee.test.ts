// Who may decide an approval that names somebody (docs/protocol.md §4, "Operating").

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { TokenMint } from './testing/token-mint.ts'

const refunds = defineRealm({
  name: 'refunds',
  version: '1',
  capabilities: [
    intent('refunds.pay', {
      payload: z.strictObject({ assignees: z.array(z.string().nullable()), pause: z.boolean().default(false) }),
      result: z.array(z.string().nullable()),
      async run(ctx, { assignees, pause }) {
        if (pause) await ctx.waitFor('go', {})
        const ask = (assignee: string | null) => ctx.approval('pay', assignee === null ? {} : { assignee })
        const decided = await Promise.all(assignees.map(ask))
        return decided.map(({ by = null }) => by)
      },
    }),
  ],
})

let mint: TokenMint
let runtime: TestRuntime
let session_id: string

before(async () => {
  mint = await TokenMint.open()
  runtime = await TestRuntime.start([refunds], { auth: mint.file })
  const { body } = await runtime.call('POST', '/api/session/create', {}, await mint.bearer())
  session_id = body.session.session_id
})
after(async () => {
  await runtime[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

const as = (sub: string, ...more: string[]) =>
  mint.bearer({ claims: { sub, scope: ['intent:submit', 'event:read', ...more].join(' ') } })

async function begin(payload: { assignees: (string | null)[]; pause?: boolean }): Promise<string> {
  const body = { intent_type: 'refunds.pay', realm: 'refunds', session_id, payload }
  const answer = await runtime.call('POST', '/api/intent/submit', body, await as('customer'))
  assert.equal(answer.status, 202)
  await awaits(answer.body.execution_id, payload.pause ? 1 : payload.assignees.length)
  return answer.body.execution_id
}

const show = async (id: string) => {
  const { body } = await runtime.call('GET', `/api/execution/${id}`, undefined, await as('customer'))
  return body.execution
}
const awaits = (id: string, count: number) =>
  waitFor(async () => (await show(id)).awaits.length === count, `${id} waits for ${count}`)
const ended = (id: string) =>
  waitFor(async () => {
    const execution = await show(id)
    return execution.status === 'completed' ? execution : null
  }, `the end of ${id}`)

async function decide(id: string, headers: Record<string, string>, name = 'pay') {
  const body = name === 'pay' ? { name, approved: true } : { name }
  const { status, body: answer } = await runtime.call('POST', `/api/execution/${id}/signal`, body, headers)
  return { status, code: answer.code, detail: answer.detail }
}

test('who an approval is for decides it, and nobody else; who is refused is told whose it is', async () => {
  const id = await begin({ assignees: ['finance'] })
  const refused = await decide(id, await as('customer'))
  assert.deepEqual([refused.status, refused.code], [403, 'forbidden'])
  assert.match(refused.detail, /is for finance/)
  assert.equal((await decide(id, await as('finance'))).status, 202)
  assert.deepEqual((await ended(id)).result, ['finance'])
})

test('who may operate decides what is for others', async () => {
  const id = await begin({ assignees: ['finance'] })
  assert.equal((await decide(id, await as('boss', 'execution:operate'))).status, 202)
  assert.deepEqual((await ended(id)).result, ['boss'])
})

test('an approval for nobody in particular is anybody’s', async () => {
  const id = await begin({ assignees: [null] })
  assert.equal((await decide(id, await as('customer'))).status, 202)
  assert.deepEqual((await ended(id)).result, ['customer'])
})

test('of two that are open under one name, each takes the decision of whom it is for', async () => {
  const id = await begin({ assignees: ['finance', 'legal'] })
  assert.equal((await decide(id, await as('legal'))).status, 202)
  assert.equal((await decide(id, await as('legal'))).code, 'forbidden')
  assert.equal((await decide(id, await as('finance'))).status, 202)
  assert.deepEqual((await ended(id)).result, ['finance', 'legal'])
})

test('a decision that comes before it is asked for counts only if its sender may decide, also after a restart', async () => {
  const id = await begin({ assignees: ['finance'], pause: true })
  assert.equal((await decide(id, await as('customer'))).status, 202, 'nobody knows yet whose it will be')
  await runtime.restart()
  assert.equal((await decide(id, await as('customer'), 'go')).status, 202)
  await waitFor(async () => (await show(id)).awaits[0]?.approval?.assignee === 'finance', 'it is asked')
  assert.equal((await decide(id, await as('finance'))).status, 202)
  assert.deepEqual((await ended(id)).result, ['finance'])
})

test('on open loopback nobody is known, so anybody decides', async () => {
  await using open = await TestRuntime.start([refunds])
  const id = await open.begin(await open.session(), 'refunds.pay', { assignees: ['finance'] })
  await open.until(id, (status) => status === 'waiting')
  assert.equal((await open.operate(id, 'signal', { name: 'pay', approved: true })).status, 202)
  assert.deepEqual((await open.until(id)).result, [null])
})

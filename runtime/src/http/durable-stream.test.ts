// A session's log as a Durable Stream (docs/protocol.md §6), where the public suite does not look: what is a session's own.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { defineRealm, intent } from '@biplane/realm'
import type { Event } from '@biplane/protocol'
import * as z from 'zod'

import { TestRuntime } from '../test-runtime.ts'

const realmOf = (name: string) =>
  defineRealm({
    name,
    version: '1',
    capabilities: [
      intent(`${name}.say`, {
        payload: z.strictObject({ times: z.int() }),
        result: z.unknown(),
        async run(ctx, { times }) {
          for (let i = 0; i < times; i++) await ctx.step('speak', () => null)
          ctx.emit(`${name}.said`, { times })
        },
      }),
    ],
  })

const PAGE = 'https://app.example'
let runtime: TestRuntime
/** 2,000 steps of `long`, and then 3 of `brief`. */
let session: string

before(async () => {
  runtime = await TestRuntime.start([realmOf('long'), realmOf('brief')], { origins: [PAGE] })
  session = await runtime.session()
  await runtime.run(session, 'long.say', { times: 2_000 })
  await runtime.run(session, 'brief.say', { times: 3 })
})

after(() => runtime[Symbol.asyncDispose]())

const eventsOf = (id: string, query = '') => `/api/session/${id}/events?tenant_id=acme${query}`
const get = (query: string, headers: Record<string, string> = {}) =>
  runtime.call('GET', eventsOf(session, query), undefined, headers)

/** From offset to offset to the end, with the offsets. */
async function readAll(query: string) {
  const events: Event[] = []
  const offsets = ['-1']
  for (;;) {
    const { body, headers } = await get(`${query}&offset=${offsets.at(-1)}`)
    events.push(...(body as Event[]))
    offsets.push(headers.get('stream-next-offset') ?? '')
    if (headers.has('stream-up-to-date')) return { events, offsets }
  }
}

test('nobody writes to a log from outside', async () => {
  for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
    const { status, headers, body } = await runtime.call(
      method,
      eventsOf(session),
      method === 'DELETE' ? undefined : {},
    )
    assert.deepEqual([status, headers.get('allow'), body.code], [405, 'GET, HEAD', 'method_not_allowed'], method)
  }
})

test('HEAD says where the whole log ends, though a read comes in parts', async () => {
  const { offsets } = await readAll('')
  assert.ok(offsets.length > 3)
  const { status, headers, body } = await runtime.call('HEAD', eventsOf(session, '&offset=-1'))
  assert.deepEqual([status, headers.get('stream-next-offset'), body], [200, offsets.at(-1), ''])
  assert.deepEqual([headers.get('content-type'), headers.get('cache-control')], ['application/json', 'no-store'])
})

test('what was read is not sent again to who has it, also by a runtime that was started anew', async () => {
  const first = await get('&offset=-1')
  const tag = first.headers.get('etag') ?? ''
  assert.equal(first.headers.get('cache-control'), 'private, no-cache')
  assert.equal(first.headers.get('cross-origin-resource-policy'), 'same-origin')
  await runtime.restart()
  const again = await get('&offset=-1', { 'if-none-match': `"other", W/${tag}` })
  assert.deepEqual([again.status, again.body, again.headers.get('etag')], [304, '', tag])
  assert.equal(again.headers.get('stream-next-offset'), first.headers.get('stream-next-offset'))
  const elsewhere = await get(`&offset=${first.headers.get('stream-next-offset')}`, { 'if-none-match': tag })
  assert.equal(elsewhere.status, 200)
})

test('the end is there to be seen, not to be kept', async () => {
  const { body, headers } = await get('&offset=now')
  assert.deepEqual([body, headers.get('cache-control'), headers.get('etag')], [[], 'no-store', null])
  const polled = await get('&offset=-1&live=long-poll')
  assert.equal(polled.headers.get('cache-control'), 'no-store')
})

test('a live read says where from, and nobody waits beyond the end', async () => {
  for (const query of [
    '&live=sse',
    '&live=long-poll',
    '&offset=9000000000000000',
    '&offset=9000000000000000&live=sse',
  ]) {
    const { status, body } = await get(query)
    assert.deepEqual([status, body.code], [400, 'offset_invalid'], query)
  }
  for (const query of ['&live=ever', '&kind=nothing', '&type=UPPER', '&offset=-1&offset=now']) {
    const { status, body } = await get(query)
    assert.deepEqual([status, body.code], [400, 'query_invalid'], query)
  }
})

test('a filter shows what is asked for, each event once, and its offsets are those of the whole log', async () => {
  const whole = await readAll('')
  const questions: [query: string, fits: (event: Event) => boolean][] = [
    ['&type=brief.said', ({ type }) => type === 'brief.said'],
    ['&type=brief.said&type=long.said', ({ kind }) => kind === 'emitted'],
    ['&kind=lifecycle&kind=session', ({ kind }) => kind === 'lifecycle' || kind === 'session'],
    ['&realm=brief', ({ seq }) => seq > (whole.events.find(({ type }) => type === 'long.said')?.seq ?? 0) + 1],
    ['&realm=brief&kind=emitted', ({ type }) => type === 'brief.said'],
    ['&realm=nobody', () => false],
  ]
  for (const [query, fits] of questions) {
    const { events, offsets } = await readAll(query)
    assert.deepEqual(
      events.map(({ seq }) => seq),
      whole.events.filter(fits).map(({ seq }) => seq),
      query,
    )
    assert.equal(offsets.at(-1), whole.offsets.at(-1), query)
  }
})

test('a page of a configured origin follows by its EventSource, and reads the headers of a stream', async () => {
  const left = new AbortController()
  const url = runtime.url + eventsOf(session, '&offset=now&live=sse')
  const { status, headers } = await fetch(url, { headers: { origin: PAGE }, signal: left.signal })
  assert.deepEqual([status, headers.get('access-control-allow-origin')], [200, PAGE])
  assert.match(headers.get('access-control-expose-headers') ?? '', /Stream-Cursor/)
  assert.deepEqual(
    [headers.get('x-content-type-options'), headers.get('cross-origin-resource-policy')],
    ['nosniff', 'same-origin'],
  )
  left.abort()
})

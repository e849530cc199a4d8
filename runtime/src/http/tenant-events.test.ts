// Everything in a tenant (docs/protocol.md §6), as a console reads it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { TestRuntime } from '../test-runtime.ts'
import { tickets } from './testing/ticket-realm.ts'

let runtime: TestRuntime

before(async () => {
  runtime = await TestRuntime.start([tickets])
})

after(() => runtime[Symbol.asyncDispose]())

const feed = (tenant: string, query = '') => runtime.call('GET', `/api/tenant/${tenant}/events?${query}`)

async function readAll(tenant: string, query = ''): Promise<Event[]> {
  const events: Event[] = []
  for (let offset = '-1'; ;) {
    const { body, headers } = await feed(tenant, `${query}&offset=${offset}`)
    events.push(...(body as Event[]))
    offset = headers.get('stream-next-offset') ?? ''
    if (headers.has('stream-up-to-date')) return events
  }
}

/** Sessions of a tenant in which something happens. */
async function work(tenant: string, sessions: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: sessions }, async () => {
      const session = await runtime.session(tenant)
      const asked = await runtime.submit(session, 'tickets.open', {}, { tenant_id: tenant })
      assert.equal(asked.status, 202)
      await runtime.call('POST', `/api/session/${session}/close?tenant_id=${tenant}`, {})
      return session
    }),
  )
}

test('it has each event of each session once, those of a session in their order, and none of another tenant', async () => {
  const [mine, theirs] = await Promise.all([work('mine', 5), work('theirs', 5)])
  for (const [tenant, sessions] of [
    ['mine', mine],
    ['theirs', theirs],
  ] as const) {
    const all = await readAll(tenant)
    const bySession = Map.groupBy(all, ({ session_id }) => session_id)
    assert.deepEqual(new Set(bySession.keys()), new Set(sessions))
    for (const [session, events] of bySession) assert.deepEqual(events, await runtime.events(session, tenant))
  }
})

test('its offsets count what is of the tenant alone, and are the same after a restart', async () => {
  await work('quiet', 1)
  const before = await feed('quiet')
  const offset = before.headers.get('stream-next-offset')
  assert.equal(Number(offset), before.body.length)
  await work('busy', 5)
  await runtime.restart()
  const later = await feed('quiet', `offset=${offset}`)
  assert.deepEqual([later.body, later.headers.get('stream-next-offset')], [[], offset])
  const [session] = await work('quiet', 1)
  const more = await feed('quiet', `offset=${offset}`)
  assert.deepEqual(more.body, await runtime.events(session ?? '', 'quiet'))
  assert.equal(Number(more.headers.get('stream-next-offset')), Number(offset) + more.body.length)
})

test('it is followed live across sessions that begin meanwhile, filtered by realm or by type', async () => {
  const url = `${runtime.url}/api/tenant/live/events?live=sse&offset=now&type=session.created&type=intent.accepted`
  const left = new AbortController()
  const answer = await fetch(url, { signal: left.signal })
  const sessions = await work('live', 3)
  const created = new Set<string>()
  let text = ''
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    for (const [, id] of text.matchAll(/"type":"session.created","id":"(ses_\w+)\.1"/g)) created.add(id ?? '')
    if (created.size === sessions.length && text.endsWith('\n\n')) break
  }
  left.abort()
  assert.deepEqual(created, new Set(sessions))
  assert.doesNotMatch(text, /execution\.started/)
  const ofRealm = await readAll('live', 'realm=tickets')
  const all = await readAll('live')
  assert.deepEqual(
    ofRealm,
    all.filter((event) => 'execution_id' in event),
  )
  assert.deepEqual(await readAll('live', 'realm=other'), [])
})

test('a tenant in which nothing has happened has an empty stream, which is not at an end', async () => {
  const { status, body, headers } = await feed('nobody')
  assert.deepEqual([status, body, headers.get('stream-up-to-date')], [200, [], 'true'])
  assert.equal(headers.get('stream-closed'), null)
})

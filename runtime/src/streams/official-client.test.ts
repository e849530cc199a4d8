// The protocol's own client follows sessions as it follows any Durable Stream, through a runtime that is stopped and started.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { stream } from '@durable-streams/client'
import type { Event } from '@biplane/protocol'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { type Line, openLine } from './testing/line.ts'

const talk = defineRealm({
  name: 'talk',
  version: '1',
  capabilities: [
    intent('talk.say', {
      payload: z.strictObject({ words: z.int() }),
      result: z.unknown(),
      async run(ctx, { words }) {
        for (let word = 0; word < words; word++) {
          await ctx.step('speak', () => null)
          ctx.emit('talk.said', { word })
        }
      },
    }),
  ],
})

const WORDS = 40
/** The client tries again by itself; a line that is cut in the middle of an answer is left to us. */
const FAILURES_MAX = 100
const LIVES = ['sse', 'long-poll'] as const

/** Follows until the session is closed, and again from the last offset if the client gives up. */
async function follow(line: Line, session: string, live: (typeof LIVES)[number], offset: string): Promise<Event[]> {
  const url = `${line.url}/api/session/${session}/events?tenant_id=acme`
  const seen: Event[] = []
  for (let from = offset, failures = 0; ;) {
    try {
      const followed = await stream<Event>({ url, offset: from, live, warnOnHttp: false })
      followed.subscribeJson((batch) => {
        seen.push(...batch.items)
        from = batch.offset
      })
      await followed.closed
      if (!followed.streamClosed) continue
      // It says so before it has given out the last batch.
      await waitFor(() => seen.at(-1)?.type === 'session.closed' || null, 'the last event')
      return seen
    } catch (error) {
      if (++failures > FAILURES_MAX) throw error
    }
  }
}

test('the official client reads a session in parts, to its end', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  await runtime.run(session, 'talk.say', { words: 600 })
  const url = `${runtime.url}/api/session/${session}/events?tenant_id=acme`
  const read = await stream<Event>({ url, offset: '-1', live: 'long-poll', warnOnHttp: false })
  assert.deepEqual(seqsOf(await read.json()), upTo(1 + 2 + 2 * 600 + 1))
  assert.ok(read.upToDate)
})

test('it follows sessions from their start and from their middle, live, while they are written and the runtime is started anew', async () => {
  await using runtime = await TestRuntime.start([talk])
  await using line = await openLine(runtime.url)
  const session = await runtime.session()
  await runtime.run(session, 'talk.say', { words: WORDS })
  const middle = (await runtime.call('HEAD', `/api/session/${session}/events?tenant_id=acme`)).headers
  const offset = middle.get('stream-next-offset') ?? ''
  const readers = LIVES.flatMap((live) => [follow(line, session, live, '-1'), follow(line, session, live, offset)])

  const executions = [await runtime.begin(session, 'talk.say', { words: WORDS })]
  await waitFor(async () => (await allOf(runtime, session)).length > Number(offset) + WORDS || null, 'some of it')
  await runtime.restart()
  line.target = runtime.url
  executions.push(await runtime.begin(session, 'talk.say', { words: WORDS }))
  for (const execution of executions) await runtime.until(execution)
  await runtime.call('POST', `/api/session/${session}/close?tenant_id=acme`, {})

  const all = await allOf(runtime, session)
  assert.equal(all.at(-1)?.type, 'session.closed')
  const whole = upTo(all.length)
  const [sse, sseMiddle, polled, polledMiddle] = (await Promise.all(readers)).map(seqsOf)
  assert.deepEqual([sse, polled], [whole, whole])
  const rest = whole.slice(Number(offset))
  assert.deepEqual([sseMiddle, polledMiddle], [rest, rest])
})

const seqsOf = (events: Event[]) => events.map(({ seq }) => seq)
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

async function allOf(runtime: TestRuntime, session: string): Promise<Event[]> {
  const all: Event[] = []
  for (let offset = '-1'; ;) {
    const path = `/api/session/${session}/events?tenant_id=acme&offset=${offset}`
    const { body, headers } = await runtime.call('GET', path)
    all.push(...(body as Event[]))
    offset = headers.get('stream-next-offset') ?? offset
    if (headers.has('stream-up-to-date')) return all
  }
}

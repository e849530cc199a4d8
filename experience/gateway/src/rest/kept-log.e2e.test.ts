// Through a gateway, whoever comes too late for the beginning of a log is told so on every way, and finds where to start.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { BiplaneError, createClient } from '@biplane/client'

import { type House, openHouse } from '../testing/house.ts'
import { Speaker } from '../websocket/testing/speaker.ts'

const TENANT = 'acme'
const EARLIEST = /^\d{16}$/

let house: House
let session_id: string
let earliest: string

before(async () => {
  house = await openHouse({ experience: { surfaces: ['rest', 'websocket'] } })
  const { runtime } = house
  await writeFile(
    join(runtime.folder, 'runtime.config.ts'),
    "export default { realms: ['./realm.ts'], keepEvents: '1s' }\n",
  )
  await runtime.start()
  const client = createClient({ url: `${house.url}/v1`, tenantId: TENANT })
  const submitted = await client.submit('trial_bench.count', { to: 3 })
  session_id = submitted.session_id
  await client.result(submitted.execution_id)
  earliest = await cut()
})
after(() => house[Symbol.asyncDispose]())

const read = (query: string) =>
  house.call('GET', `/v1/session/${session_id}/events?tenant_id=${TENANT}&offset=-1${query}`)

/** Until all is gone that may go: then only the last event is there. */
async function cut(): Promise<string> {
  for (;;) {
    const { status, body } = await read('')
    if (status !== 410) continue
    const { earliest_offset } = body as { earliest_offset: string }
    const { body: left } = await house.call(
      'GET',
      `/v1/session/${session_id}/events?tenant_id=${TENANT}&offset=${earliest_offset}`,
    )
    if (Array.isArray(left) && left.length === 1) return earliest_offset
  }
}

test('by a page, a long poll and server-sent events it is 410, with where to start', async () => {
  for (const query of ['', '&live=long-poll', '&live=sse']) {
    const { status, body, headers } = await read(query)
    const { code, earliest_offset } = body as { code: string; earliest_offset: string }
    assert.deepEqual([status, code, earliest_offset], [410, 'offset_gone', earliest], query)
    const [, address = ''] = /<(.*)>; rel="snapshot"/.exec(headers.get('link') ?? '') ?? []
    const snapshot = await house.call('GET', address)
    assert.equal((snapshot.body as { session: { session_id: string } }).session.session_id, session_id, query)
  }
})

test('on the socket it is an error of the stream, which can be followed from where it goes', async () => {
  const speaker = await Speaker.open(house.url)
  speaker.say({ type: 'subscribe', session_id, tenant_id: TENANT, offset: '-1' })
  const error = await speaker.hears('error', { session_id })
  assert.deepEqual([error['code'], error['earliest_offset']], ['offset_gone', earliest])
  speaker.say({ type: 'subscribe', session_id, tenant_id: TENANT, offset: earliest })
  await speaker.hears('caught_up', { session_id })
  assert.equal(speaker.events(session_id).length, 1)
  speaker.socket.terminate()
})

test('the client says that there is a gap, and from where it can be read', async () => {
  const client = createClient({ url: `${house.url}/v1`, tenantId: TENANT })
  for (const live of ['sse', 'long-poll', 'shared'] as const) {
    const told: string[] = []
    const reading = Array.fromAsync(
      client.follow(session_id, { live, onStatus: ({ status }) => void told.push(status) }),
    )
    await assert.rejects(reading, (error) => {
      assert.ok(error instanceof BiplaneError)
      assert.deepEqual([error.code, error.earliestOffset], ['offset_gone', earliest])
      assert.match(earliest, EARLIEST)
      return true
    })
    assert.equal(told.at(-1), 'gap')
  }
})

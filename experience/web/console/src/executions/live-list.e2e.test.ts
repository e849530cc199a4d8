// The list in front of a real runtime: what events make of it is what the runtime itself lists.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { type Client, type ClientOptions, createClient } from '@biplane/client'
import { type CuttableLine, type RuntimeProcess, openLine, startRuntime, until } from '@biplane/client/testing'
import { STATUSES, type Status } from '@biplane/protocol'

import { WORKSHOP_REALM } from '../../../testing/workshop-realm.ts'
import { asked } from './filter.ts'
import type { Filter } from './filter.ts'
import { LiveList } from './live-list.ts'

let runtime: RuntimeProcess
let line: CuttableLine
let tenants = 0

before(async () => {
  runtime = await startRuntime(WORKSHOP_REALM)
  line = await openLine(runtime.url)
})
after(async () => {
  await line[Symbol.asyncDispose]()
  await runtime[Symbol.asyncDispose]()
})

type Summary = Awaited<ReturnType<Client['executions']>>['items'][number]

interface Place {
  tenantId: string
  client: Client
  submit(type: string, payload?: unknown, sessionId?: string): Promise<string>
}

function newTenant(): Place {
  const tenantId = `tenant-${++tenants}`
  const client = createClient({ url: `${runtime.url}/api`, tenantId })
  const submit = async (type: string, payload: unknown = {}, sessionId?: string) =>
    (await client.submit({ type: `workshop.${type}`, payload, ...(sessionId && { sessionId }) })).execution_id
  return { tenantId, client, submit }
}

/** A list that somebody looks at. */
function open({ tenantId }: Place, filter: Filter = {}, options: Partial<ClientOptions> = {}) {
  const client = createClient({ url: `${runtime.url}/api`, tenantId, ...options })
  const list = new LiveList(client, tenantId, filter, null)
  let changes = 0
  const stop = list.subscribe(() => changes++)
  return { list, changes: () => changes, [Symbol.dispose]: stop }
}

const shown = ({ list }: ReturnType<typeof open>) => list.view().rows?.items ?? []
const isLive = ({ list }: ReturnType<typeof open>) => list.view().line.status === 'live' && list.view().rows !== null
const bare = (rows: readonly Summary[]) =>
  rows.map(({ execution_id, status, intent_type, session_id, compensated, created_at, ended_at }) =>
    [execution_id, status, intent_type, session_id, compensated, created_at, ended_at].join(' '),
  )

/** Until the list is as the runtime's own. */
async function settles({ client }: Place, opened: ReturnType<typeof open>, filter: Filter = {}): Promise<void> {
  let [is, should]: string[][] = [[], []]
  const look = async () => {
    const { items } = await client.executions({ ...asked(filter), limit: 200 })
    ;[is, should] = [bare(shown(opened)), bare(items)]
    return is.join() === should.join()
  }
  await until('the list', look).catch(() => assert.deepEqual(is, should))
}

test('executions of every status are in the list as the runtime has them, and in those that are narrowed', async () => {
  const place = newTenant()
  const { client, submit } = place
  const { session_id } = await client.createSession()
  const [waits, parks] = [await submit('wait'), await submit('stuck')]
  const filters: Filter[] = [{}, { type: 'workshop.wait' }, { session: session_id }, ...STATUSES.map(byStatus)]
  using stack = new DisposableStack()
  const lists = filters.map((filter) => stack.use(open(place, filter)))
  await until('lists that follow', () => lists.every(isLive))
  const paused = await submit('wait', {}, session_id)
  await Promise.all([submit('order', { sku: 'lamp' }), submit('order', { sku: 'vase' }), submit('nap', {}, session_id)])
  const cancelled = await submit('nap')
  await until('a nap', async () => (await client.executionStatus(cancelled)).status === 'waiting')
  await Promise.all([client.pause(paused), client.cancel(cancelled)])
  await client.signal(waits, 'paid', { payload: { cents: 5 } })
  await until('what is parked', async () => (await client.executionStatus(parks)).status === 'parked')
  for (const [index, list] of lists.entries()) await settles(place, list, filters[index])
  await client.resume(paused)
  await client.settle(parks)
  await client.result(parks)
  for (const [index, list] of lists.entries()) await settles(place, list, filters[index])
  assert.ok(shown(lists[0] ?? assert.fail()).length > 6)
})

const byStatus = (status: Status): Filter => ({ status })

test('many events are few changes', async () => {
  const place = newTenant()
  using list = open(place)
  await until('a list that follows', () => isLive(list))
  const [before, beganMs] = [list.changes(), Date.now()]
  await Promise.all(Array.from({ length: 150 }, () => place.submit('tick')))
  await settles(place, list)
  assert.equal(shown(list).length, 150)
  const quarters = (Date.now() - beganMs) / 250
  // Of each quarter of a second one, and what the follower says of itself.
  assert.ok(list.changes() - before <= 2 * quarters + 4, `${list.changes() - before} in ${quarters}`)
})

test('older ones are loaded, and move with what happens to them', async () => {
  const place = newTenant()
  const oldest = await place.submit('wait')
  await Promise.all(Array.from({ length: 120 }, () => place.submit('tick')))
  using list = open(place)
  await until('the newest', () => isLive(list) && shown(list).length === 100)
  list.list.loadOlder()
  await until('the oldest', () => shown(list).length === 121)
  await place.client.signal(oldest, 'paid', { payload: { cents: 5 } })
  await until('its end', () => shown(list).at(-1)?.status === 'completed')
  assert.equal(shown(list).at(-1)?.execution_id, oldest)
  assert.equal(list.list.view().rows?.older, null)
})

test('a line that is lost is said, and what happened meanwhile is shown when it is back', async () => {
  const place = newTenant()
  using list = open(place, {}, { url: `${line.url}/api` })
  await until('a list that follows', () => isLive(list))
  line.cut()
  await runtime.kill()
  await until('it says so', () => list.list.view().line.status === 'reconnecting')
  await runtime.start()
  await Promise.all(Array.from({ length: 5 }, () => place.submit('tick')))
  await settles(place, list)
  await until('it says that too', () => isLive(list))
})

test('behind a gap the list is read again, and followed from there', async () => {
  const place = newTenant()
  let isGone = false
  const gone = { status: 410, code: 'offset_gone', title: '', detail: 'It is gone.', advice: '' }
  const client: Partial<ClientOptions> = {
    fetch: (input, init) => {
      const isAsked = isGone && String(input).includes('/events') && !String(input).includes('offset=now')
      if (!isAsked) return fetch(input, init)
      const headers = { 'content-type': 'application/problem+json' }
      return Promise.resolve(new Response(JSON.stringify(gone), { status: 410, headers }))
    },
  }
  using list = open(place, {}, { ...client, url: `${line.url}/api` })
  await until('a list that follows', () => isLive(list))
  await place.submit('tick')
  await settles(place, list)
  isGone = true
  line.cut()
  await until('it says so', () => list.list.view().line.status === 'reconnecting')
  await place.submit('tick')
  isGone = false
  await settles(place, list)
  await until('it follows', () => isLive(list))
  await place.submit('tick')
  await settles(place, list)
})

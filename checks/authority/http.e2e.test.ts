// Who may do what over HTTP, on both planes, route by route: docs/protocol.md §1 and §4. A route that the matrix does not know fails.

import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'

import { ROUTES } from '@biplane/runtime/server'

import { Ears, type Heard, bearer, codeIn } from './ask.ts'
import { type Credentials, badCredentials } from './credentials.ts'
import { type Judged, judgedDoors } from './doors.ts'
import { type House, openHouse } from './house.ts'
import type { Row } from './routes.ts'
import { type Things, makeThings, nothingLike, without } from './things.ts'
import { SCOPES } from './token.ts'

const ears = new Ears()
let house: House
let doors: Judged[]
let acme: Things
let rival: Things
let bad: Record<'runtime' | 'gateway', Credentials>

before(async () => {
  house = await openHouse({ config: 'checks/authority/runtime.config.ts', tenant: 'acme', signIn: true })
  doors = await judgedDoors(house)
  acme = await makeThings(house, ears, 'acme')
  rival = await makeThings(house, ears, 'rival')
  bad = await badCredentials(house, 'acme')
})
after(() => house[Symbol.asyncDispose]())

/** Each route of each plane that the filter lets through. */
async function forEach(
  wanted: (row: Row) => boolean,
  visit: (judged: Judged, route: string, row: Row) => Promise<void>,
) {
  for (const judged of doors)
    for (const [route, row] of Object.entries(judged.matrix)) if (wanted(row)) await visit(judged, route, row)
}

const asking = (
  tenant: string,
  { door }: Judged,
  route: string,
  row: Row,
  of: Things,
  headers: object,
): Promise<Heard> => {
  const asked = row.ask(of)
  const [method = ''] = route.split(' ')
  return ears.ask(tenant, door.url, { ...asked, method, headers: { ...asked.headers, ...headers } })
}

const isGuarded = ({ needs }: Row): boolean => needs !== 'anyone'
const needsScope = ({ needs }: Row): boolean => SCOPES.some((scope) => scope === needs)
const hides = (row: Row): boolean => row.hides !== undefined
/** What shows that somebody is of a tenant, in each way that the plane knows. */
const meansOf = ({ door }: Judged, tenant_id: string): Record<string, string>[] => [
  bearer(door.token({ tenant_id })),
  ...(door.name === 'gateway' ? [house.signedIn({ tenant_id })] : []),
]
/** An answer to HEAD has a status alone. */
const told = (route: string, heard: Heard, code: string): unknown[] =>
  route.startsWith('HEAD ') ? [heard.status] : [heard.status, code]

test('every route is in the matrix, and the matrix has no other', () => {
  for (const { door, routes, matrix } of doors) {
    assert.deepEqual(routes.toSorted(), Object.keys(matrix).toSorted(), door.name)
  }
})

test('the runtime asks for the scope that the matrix says, and hides what it says', () => {
  const runtime = doors[0] as Judged
  for (const { method, url, access } of ROUTES) {
    const route = `${String(method)} ${url}`
    const row = runtime.matrix[route]
    assert.ok(row, `${route} is not in the matrix`)
    const { needs, hides } = row
    assert.equal(access === 'anyone' ? access : access.scope, needs, route)
    if (hides !== undefined && access !== 'anyone') assert.equal(access.notFound, hides, route)
  }
})

suite('who shows nothing that holds', () => {
  test('is told so at every route, and nothing else', async () => {
    await forEach(isGuarded, async (judged, route, row) => {
      for (const [what, headers] of bad[judged.door.name]) {
        const heard = await asking('nobody', judged, route, row, acme, headers)
        assert.deepEqual(
          told(route, heard, codeIn(heard)),
          told(route, heard, 'unauthenticated').with(0, 401),
          `${judged.door.name}, ${what}: ${route}: ${heard.status} ${heard.text}`,
        )
      }
    })
  })

  test('is answered where nobody is asked', async () => {
    await forEach(
      (row) => !isGuarded(row),
      async (judged, route, row) => {
        const [what, headers] = bad[judged.door.name][1] as [string, object]
        const heard = await asking('nobody', judged, route, row, acme, headers)
        if (row.answers !== undefined) assert.equal(codeIn(heard), row.answers, `${what}: ${route}`)
        else assert.ok(heard.status < 300, `${what}: ${route}: ${heard.status}`)
      },
    )
  })
})

test('without the scope that a route needs it is forbidden, with all others; whether or not the thing exists', async () => {
  await forEach(needsScope, async (judged, route, row) => {
    const scope = SCOPES.filter((other) => other !== row.needs).join(' ')
    for (const [tenant_id, of] of [
      ['acme', acme],
      ['rival', acme],
      ['acme', nothingLike(acme)],
    ] as const) {
      // Whose name stands in the path is looked at before what may be done.
      if (of.tenant !== tenant_id && route.includes(':tenant_id')) continue
      const heard = await asking(tenant_id, judged, route, row, of, bearer(judged.door.token({ tenant_id, scope })))
      assert.deepEqual(
        told(route, heard, codeIn(heard)),
        told(route, heard, 'forbidden').with(0, 403),
        `${judged.door.name}: ${route}`,
      )
    }
  })
})

test('a viewer submits and operates nothing, and a user operates nothing', async () => {
  const gateway = doors[1] as Judged
  const lower = { viewer: ['intent:submit', 'execution:operate', 'admin'], user: ['execution:operate', 'admin'] }
  for (const [role, lacks] of Object.entries(lower)) {
    const means = [bearer(gateway.door.token({ tenant_id: 'acme', role })), house.signedIn({ tenant_id: 'acme', role })]
    for (const [route, row] of Object.entries(gateway.matrix).filter(([, { needs }]) => lacks.includes(needs))) {
      for (const headers of means) {
        const heard = await asking('acme', gateway, route, row, acme, headers)
        assert.deepEqual(
          told(route, heard, codeIn(heard)),
          told(route, heard, 'forbidden').with(0, 403),
          `${role}: ${route}`,
        )
      }
    }
  }
})

test('whoever shows what holds is known, for what it is', async () => {
  for (const headers of [...meansOf(doors[1] as Judged, 'acme'), { 'x-api-key': house.keys.apiKey }]) {
    const heard = await ears.ask('acme', house.gateway.url, { method: 'GET', path: '/auth/me', headers })
    const { tenant_id, role } = JSON.parse(heard.text) as Record<string, unknown>
    assert.deepEqual([heard.status, tenant_id], [200, 'acme'], heard.text)
    assert.ok(role === 'admin' || 'authorization' in headers, String(role))
  }
})

test('a cookie alone changes nothing, at whatever route: another page may have had the browser send it', async () => {
  const gateway = doors[1] as Judged
  const { cookie = '' } = house.signedIn({ tenant_id: 'acme' })
  const changing = Object.entries(gateway.matrix).filter(([route]) => !/^(GET|HEAD|OPTIONS) /.test(route))
  assert.ok(changing.length > 15)
  for (const [route, row] of changing) {
    for (const headers of [{ cookie }, { cookie, origin: gateway.door.url }, { cookie, 'biplane-csrf': '1' }]) {
      const heard = await asking('acme', gateway, route, row, acme, headers)
      assert.deepEqual([heard.status, codeIn(heard)], [403, 'forgery_suspected'], route)
    }
  }
})

test('what is another tenant’s is answered as what does not exist, but for its ids', async () => {
  const nothing = nothingLike(acme)
  await forEach(hides, async (judged, route, row) => {
    for (const headers of meansOf(judged, 'rival')) {
      const theirs = await asking('rival', judged, route, row, acme, headers)
      const none = await asking('rival', judged, route, row, nothing, headers)
      assert.deepEqual(
        told(route, theirs, codeIn(theirs)),
        told(route, theirs, row.hides ?? '').with(0, 404),
        `${judged.door.name}: ${route}: ${theirs.text}`,
      )
      assert.deepEqual(comparable(theirs, acme), comparable(none, nothing), `${judged.door.name}: ${route}`)
    }
  })
})

const TELLING = ['content-type', 'etag', 'location', 'link', 'upload-offset', 'upload-length', 'stream-next-offset']
const comparable = ({ status, headers, text }: Heard, of: Things) => [
  status,
  TELLING.map((name) => headers.get(name)),
  without(text, of),
]

test('to name another tenant is to name nobody', async () => {
  await forEach(needsScope, async (judged, route, row) => {
    // That is about no tenant, or has named one already.
    if (row.needs === 'admin' || route.includes(':tenant_id')) return
    const headers = bearer(judged.door.token({ tenant_id: 'rival' }))
    const naming = (tenant_id: string): Row => ({
      ...row,
      ask(of) {
        const asked = row.ask(of)
        return { ...asked, path: `${asked.path}${asked.path.includes('?') ? '&' : '?'}tenant_id=${tenant_id}` }
      },
    })
    const theirs = await asking('rival', judged, route, naming('acme'), rival, headers)
    const none = await asking('rival', judged, route, naming('nobody'), rival, headers)
    assert.equal(theirs.status, 404, `${judged.door.name}: ${route}: ${theirs.status} ${theirs.text}`)
    assert.deepEqual(comparable(theirs, acme), comparable(none, nothingLike(acme)), `${judged.door.name}: ${route}`)
  })
})

test('another tenant’s key, artifact and offset are good for nothing', async () => {
  for (const { door } of doors) {
    const headers = bearer(door.token({ tenant_id: 'rival' }))
    const intent = (payload: object) => ({
      intent_type: 'vault.keep',
      realm: 'vault',
      session_id: rival.session_id,
      payload,
    })
    const submit = (payload: object, key: string) =>
      ears.ask('rival', door.url, {
        method: 'POST',
        path: `${door.base}/intent/submit`,
        headers: { ...headers, 'idempotency-key': key },
        body: intent(payload),
      })
    const withKey = await submit({ secret: rival.canary }, acme.key)
    assert.equal(withKey.status, 202, withKey.text)
    assert.ok(!withKey.text.includes(acme.execution_id))
    const named = await submit(
      { secret: rival.canary, file: { artifact_id: acme.artifact_id } },
      `${door.name}-artifact`,
    )
    assert.deepEqual([named.status, codeIn(named)], [404, 'artifact_not_found'])
    for (const offset of [acme.offset, '-1', 'now', '0']) {
      const path = `${door.base}/session/${acme.session_id}/events?offset=${offset}&live=sse`
      const resumed = await ears.ask('rival', door.url, {
        method: 'GET',
        path,
        headers: { ...headers, 'last-event-id': acme.offset },
      })
      assert.deepEqual([resumed.status, codeIn(resumed)], [404, 'session_not_found'], offset)
    }
  }
})

test('whatever a tenant reads of its own, and every list, holds nothing of another', async () => {
  const theirs = [acme.session_id, acme.execution_id, acme.waiting_id]
  const isReading = ({ needs }: Row) => needs === 'event:read'
  await forEach(isReading, async (judged, route, row) => {
    for (const headers of meansOf(judged, 'rival')) {
      const heard = await asking('rival', judged, route, row, rival, headers)
      assert.equal(heard.status, 200, `${judged.door.name}: ${route}: ${heard.text}`)
      for (const id of theirs) assert.ok(!heard.text.includes(id), `${judged.door.name}: ${route}`)
    }
  })
  for (const { door } of doors) {
    const headers = bearer(door.token({ tenant_id: 'rival' }))
    const path = `${door.base}/execution?session_id=${acme.session_id}`
    const { text } = await ears.ask('rival', door.url, { method: 'GET', path, headers })
    assert.deepEqual(JSON.parse(text), { items: [], next: null })
  }
})

test('the first tenant’s things are as they were', async () => {
  for (const judged of doors) {
    const headers = bearer(judged.door.token({ tenant_id: 'acme' }))
    const get = (path: string) =>
      ears.ask('acme', judged.door.url, { method: 'GET', path: judged.door.base + path, headers })
    assert.match((await get(`/execution/${acme.waiting_id}/status`)).text, /"waiting"/)
    assert.match((await get(`/session/${acme.session_id}`)).text, /"open"/)
    assert.equal((await get(`/session/${acme.session_id}/events`)).headers.get('stream-next-offset'), acme.offset)
  }
})

test('each tenant hears its canary at every place that holds it, and never another’s; no log holds any', async () => {
  for (const { door } of doors) {
    const headers = bearer(door.token({ tenant_id: 'acme' }))
    for (const path of [
      `/session/${acme.session_id}`,
      `/session/${acme.session_id}/events`,
      `/session/${acme.session_id}/state/kept`,
      '/tenant/acme/state/kept',
      `/execution/${acme.execution_id}`,
      `/execution/${acme.waiting_id}`,
      `/artifact/${acme.artifact_id}`,
    ]) {
      const { text } = await ears.ask('acme', door.url, { method: 'GET', path: door.base + path, headers })
      assert.ok(text.includes(acme.canary), `${door.name} ${path}: ${text}`)
    }
  }
  for (const [one, other] of [
    [acme, rival],
    [rival, acme],
  ] as const) {
    assert.ok(!ears.heardBy(one.tenant).includes(other.canary), `${one.tenant} heard of ${other.tenant}`)
    assert.ok(!ears.heardBy('nobody').includes(one.canary))
    assert.ok(!house.printed().includes(one.canary), 'in the log')
  }
  assert.match(house.printed(), /"path":"\/v1\//, 'the log was read')
})

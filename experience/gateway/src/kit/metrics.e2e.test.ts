import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { WebSocket } from 'ws'

import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { openHouse } from '../testing/house.ts'

test('a gateway shows its answers by route and status, and how many sockets are open, without any id', async () => {
  await using house = await openHouse()
  await house.call('GET', '/v1/session?tenant_id=acme')
  await house.call('GET', '/v1/session/ses_nothing?tenant_id=acme')
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/events?tenant_id=acme`)
  await new Promise((resolve) => socket.once('open', resolve))

  const { status, body } = await house.call('GET', '/metrics')
  socket.terminate()
  const text = body as string
  assert.equal(status, 200)
  for (const line of [
    'biplane_gateway_answer_seconds_count{method="GET",route="/v1/session",status="200"} 1',
    'biplane_gateway_answer_seconds_count{method="GET",route="/v1/session/:session_id",status="404"} 1',
    'biplane_gateway_requests_open 1',
    'biplane_gateway_sockets_open 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line)
  }
  assert.equal(/ses_|acme/.exec(text), null)
  const page = await readFile(new URL('../../../../docs/operations.md', import.meta.url), 'utf8')
  for (const [, name = ''] of text.matchAll(/^# TYPE (biplane_\w+)/gm)) assert.ok(page.includes(`\`${name}\``), name)
})

test('where callers are known, the metrics are for admins', async () => {
  await using house: GuardedHouse = await openGuardedHouse()
  const asked = async (role: string) => {
    const { status } = await house.call(
      'GET',
      '/metrics',
      undefined,
      await house.bearer({ tenant: 'acme', more: { role } }),
    )
    return status
  }
  assert.equal((await house.call('GET', '/metrics')).status, 401)
  assert.deepEqual([await asked('operator'), await asked('admin')], [403, 200])
})

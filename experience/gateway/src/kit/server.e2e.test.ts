import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, test } from 'node:test'

import { type House, openHouse } from '../testing/house.ts'

let house: House
const APP = 'https://app.example.com'

before(async () => {
  house = await openHouse({ experience: { hosts: ['gateway.internal'], origins: [APP] } })
})
after(() => house[Symbol.asyncDispose]())

/** `fetch` sets Host and Origin itself. */
async function send(method: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const sent = request(house.url + path, { method, headers })
  sent.end()
  const [answer] = (await Promise.race([once(sent, 'response'), once(sent, 'upgrade')])) as [IncomingMessage]
  answer.resume()
  answer.socket.unref()
  return answer
}

const SOCKET = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}

test('a Host that is not served, and another site, are refused everywhere', async () => {
  const cases: [headers: Record<string, string>, status: number][] = [
    [{ host: 'evil.example' }, 421],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ]
  for (const [headers, status] of cases) {
    for (const [method, path, more] of [
      ['GET', '/v1/session?tenant_id=acme', {}],
      ['POST', '/v1/trial-bench/keep?tenant_id=acme', { 'content-type': 'text/plain' }],
      ['GET', '/v1/events', SOCKET],
      ['GET', '/health', {}],
    ] as const) {
      const answer = await send(method, path, { ...headers, ...more })
      assert.equal(answer.statusCode, status, `${path} ${JSON.stringify(headers)}`)
      assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
    }
  }
})

test('a configured Host and a configured Origin pass, the latter with what a browser must be told', async () => {
  assert.equal((await send('GET', '/health', { host: 'gateway.internal:8100' })).statusCode, 200)
  const asked = await send('OPTIONS', '/v1/trial-bench/count', {
    origin: APP,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'idempotency-key',
  })
  assert.equal(asked.statusCode, 204)
  assert.equal(asked.headers['access-control-allow-origin'], APP)
  const read = await send('GET', '/v1/session?tenant_id=acme', { origin: APP, 'sec-fetch-site': 'cross-site' })
  assert.deepEqual([read.statusCode, read.headers['access-control-allow-origin']], [200, APP])
  assert.equal((await send('GET', '/v1/events', { ...SOCKET, origin: APP })).statusCode, 101)
})

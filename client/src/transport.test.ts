// What becomes of a request is unknown until something says so (docs/protocol.md §4, "What an error means").

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { PROBLEMS, type ProblemCode, ProblemError } from '@biplane/protocol'

import { OWN_PROBLEMS } from './error.ts'
import { createTransport } from './transport.ts'

/** What is thrown when the first answer is lost and the second says `code`. */
async function lostAndThen(code: ProblemCode): Promise<unknown> {
  let asked = 0
  const server = createServer((request, response) => {
    if (++asked === 1) return void request.socket.destroy()
    response.writeHead(PROBLEMS[code][0], { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify(new ProblemError(code).toProblem()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const transport = createTransport({ url: `http://127.0.0.1:${port}/api`, retries: 1 })
    return await transport.json({ method: 'POST', path: '/intent/submit', json: {}, key: 'key-1' }).then(
      () => assert.fail('it was refused'),
      (error: unknown) => (error as { code: string }).code,
    )
  } finally {
    server.close()
  }
}

test('what the client says itself is what the protocol says', () => {
  for (const [code, own] of Object.entries(OWN_PROBLEMS)) {
    const [status, , advice] = PROBLEMS[code as keyof typeof OWN_PROBLEMS]
    assert.deepEqual(own, [status, advice])
  }
})

test('a refusal that looks at no key says nothing of an attempt before whose answer was lost', async () => {
  for (const code of ['unauthenticated', 'forbidden', 'rate_limited', 'keys_unavailable', 'overloaded'] as const) {
    assert.equal(await lostAndThen(code), 'outcome_unknown', code)
  }
})

test('one that looks at the key settles it', async () => {
  for (const code of ['idempotency_conflict', 'quota_exceeded', 'payload_invalid', 'session_closed'] as const) {
    assert.equal(await lostAndThen(code), code)
  }
})

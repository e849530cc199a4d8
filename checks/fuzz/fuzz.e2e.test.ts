// The short form of `npm run fuzz`: always the same requests, so that it passes or fails for a change and not by chance.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Chance } from './chance.ts'
import type { Documents } from './documents.ts'
import { fuzz } from './fuzz.ts'
import { Requests } from './request.ts'

const SEED = 1
const REQUESTS = 1_000

test('whatever is sent, nothing fails on our side, hangs, ends a process, or is recorded and cannot be read', async (t) => {
  const { wrong, lines } = await fuzz({ requests: REQUESTS, seed: SEED })
  for (const line of lines) t.diagnostic(line)
  assert.deepEqual(wrong, [])
})

test('the same seed and number make the same request, and another seed another one', () => {
  const operation = { method: 'POST', path: '/v1/x', parameters: [], bodies: [['application/json', {}]] }
  const documents = {
    operations: [{ ...operation, door: 'gateway' }],
    sockets: [{ door: 'gateway', address: '/v1/socket', schemas: [{ type: 'object' }] }],
    tools: [{ name: 'x', inputSchema: { type: 'object' } }],
    roots: { runtime: {}, gateway: {}, 'runtime-socket': {}, 'gateway-socket': {} },
  } as unknown as Documents
  const of = (seed: number) => {
    const requests = new Requests(documents, { artifact_id: ['art_'] }, seed)
    return Array.from({ length: 200 }, (_, number) => requests.at(number))
  }
  assert.deepEqual(of(3), of(3))
  assert.notDeepEqual(of(3), of(4))
  assert.notEqual(new Chance(3, 1).share(), new Chance(3, 2).share())
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseEvents } from './sse.ts'

const encoder = new TextEncoder()

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield encoder.encode(text)
}

const parsed = (...texts: string[]) => Array.fromAsync(parseEvents(chunks(...texts)))

test('a data event and its control event are read, and comments are not', async () => {
  assert.deepEqual(await parsed(': hello\n\nevent: data\ndata: [1]\n\nid: 7\nevent: control\ndata:{"a": 1}\n\n'), [
    { event: 'data', data: '[1]' },
    { event: 'control', data: '{"a": 1}' },
  ])
})

test('an event without a name is a message, several data lines are one text, and one leading space is dropped', async () => {
  assert.deepEqual(await parsed('data: a\ndata:  b\ndata\n\n'), [{ event: 'message', data: 'a\n b\n' }])
})

test('an event that the connection broke off is not given', async () => {
  assert.deepEqual(await parsed('data: whole\n\ndata: [1, 2'), [{ event: 'message', data: 'whole' }])
  assert.deepEqual(await parsed('data: whole\n\ndata: unended\n'), [{ event: 'message', data: 'whole' }])
})

test('the same events come out however the bytes are cut, under every line ending', async () => {
  const events = [
    { event: 'data', data: '[{"text":"ünïcödé 🛩"}]' },
    { event: 'control', data: '{"streamNextOffset":"0000000000000001"}' },
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(200), { maxLength: 12 }),
      async (end, cuts) => {
        const text = events.map(({ event, data }) => `event: ${event}${end}data: ${data}${end}${end}`).join('')
        // A lone \r can only be told from \r\n by what follows it.
        const bytes = encoder.encode(end === '\r' ? `${text}:` : text)
        assert.deepEqual(await Array.fromAsync(parseEvents(cutAt(bytes, cuts))), events)
      },
    ),
  )
})

async function* cutAt(bytes: Uint8Array, cuts: number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (const cut of [...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, cut)
    start = cut
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { InOrder } from './in-order.ts'

const recordOf = (seq: number) => ({ kind: 'cancel' as const, seq, time_ms: 0 })

/** Hands over into a list of seqs; each place is filled by hand. */
function ordered() {
  const handed: number[] = []
  const order = new InOrder((records) => handed.push(...records.map(({ seq }) => seq)))
  const place = () => {
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof recordOf> | null>()
    const delivered = order.deliver(() => promise)
    const fill = (seq: number | null) => {
      resolve(seq === null ? null : recordOf(seq))
      return delivered
    }
    return { fill, fail: () => (reject(new Error('refused')), delivered) }
  }
  return { handed, order, place }
}

test('what is heard of out of order is handed over in the order of the log', async () => {
  const { handed, order, place } = ordered()
  const [a, b, c] = [place(), place(), place()]
  await b.fill(7)
  await a.fill(6)
  assert.deepEqual(handed, [], 'the third may still come before either')
  await c.fill(5)
  assert.deepEqual(handed, [5, 6, 7])
  assert.ok(order.isEmpty)
})

test('a record waits for nobody who began after it was recorded', async () => {
  const { handed, place } = ordered()
  const first = place()
  const early = place()
  await early.fill(3)
  const late = place()
  await first.fill(2)
  assert.deepEqual(handed, [2, 3])
  await late.fill(4)
  assert.deepEqual(handed, [2, 3, 4])
})

test('who records nothing, or fails, holds nobody up', async () => {
  const { handed, place } = ordered()
  const [a, b, c] = [place(), place(), place()]
  await c.fill(9)
  assert.equal(await a.fill(null), false)
  await assert.rejects(b.fail(), /refused/)
  assert.deepEqual(handed, [9])
})

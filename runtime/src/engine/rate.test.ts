import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { TestRuntime } from '../test-runtime.ts'
import { Rate } from './rate.ts'
import { limitedRealm } from './test-realm.ts'

const begins = (times: readonly number[], per_ms: number, from: number): number =>
  times.filter((time) => time >= from && time < from + per_ms).length

test('no span of its length has more beginnings than the rate says, and nobody waits longer than that takes', () => {
  const plan = fc.record({ times: fc.integer({ min: 1, max: 5 }), per_ms: fc.integer({ min: 1, max: 50 }) })
  const arrivals = fc.array(fc.record({ gap: fc.nat(30), slow: fc.nat(5), fails: fc.nat(4) }), { maxLength: 60 })
  fc.assert(
    fc.property(plan, arrivals, ({ times, per_ms }, all) => {
      const rate = new Rate({ times, per_ms })
      const begun: number[] = []
      let now = 1_000
      for (const { gap, slow, fails } of all) {
        now = Math.max(now + gap, rate.room_ms)
        const inSpan = begins(begun, per_ms, now - per_ms + 1)
        assert.ok(inSpan < times, `${inSpan} of ${times} at ${now}`)
        assert.equal(rate.turnOf(0, now), now)
        rate.enter()
        if (fails === 0) {
          rate.abandon()
          continue
        }
        now += slow
        rate.begun(now)
        begun.push(now)
      }
      for (const from of begun) assert.ok(begins(begun, per_ms, from) <= times)
    }),
  )
})

test('those that are about to begin count, and the one behind others is told about when its turn is', () => {
  const rate = new Rate({ times: 2, per_ms: 100 })
  rate.enter()
  assert.equal(rate.room_ms, 0)
  rate.enter()
  assert.equal(rate.room_ms, Infinity)
  assert.equal(rate.spent_ms, Infinity)
  rate.begun(1_000)
  rate.begun(1_040)
  assert.equal(rate.room_ms, 1_100)
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((ahead) => rate.turnOf(ahead, 1_050)),
    [1_100, 1_140, 1_200, 1_240, 1_300],
  )
  assert.equal(rate.spent_ms, 1_140)
})

const started = async (runtime: TestRuntime, session: string): Promise<[string, number][]> =>
  (await runtime.events(session)).flatMap((event) =>
    event.type === 'execution.started' && event.kind === 'lifecycle'
      ? [[event.execution_id, Date.parse(event.time)]]
      : [],
  )

test('so many begin within a span, in order; the others say until when they wait, and a restart forgets nothing', async () => {
  const per_ms = 1_000
  const realm = limitedRealm({ rate: { times: 2, per: per_ms } }, async (_, { n }) => n)
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: string[] = []
  for (const n of [0, 1, 2, 3, 4]) ids.push(await runtime.begin(session, 'test.do', { n }))
  const { status, waits_for } = await runtime.execution(ids[2] ?? '')
  assert.equal(status, 'accepted')
  const [, until = ''] = /^its turn, about (\S+): 2 may begin within 1000 ms$/.exec(waits_for ?? '') ?? []
  assert.ok(Date.parse(until) > Date.now() && Date.parse(until) <= Date.now() + per_ms, waits_for ?? 'nothing')
  // Whatever has begun has ended by now: that it began is all that a new process can know.
  await runtime.until(ids[1] ?? '')
  await runtime.restart()
  for (const [n, id] of ids.entries()) assert.equal((await runtime.until(id)).result, n)
  const begun = await started(runtime, session)
  assert.deepEqual(
    begun.map(([id]) => id),
    ids,
  )
  const times = begun.map(([, time]) => time)
  for (const [i, time] of times.entries()) {
    const later = times[i + 2]
    if (later !== undefined) assert.ok(later - time >= per_ms, `${later - time} ms after the one before the last`)
  }
})

test('a cancel, a pause and an end of time reach those that wait for their turn, and who goes on has to wait for it again', async () => {
  const ran: unknown[] = []
  const realm = limitedRealm({ rate: { times: 1, per: 2_000 } }, async (_, { n }) => ran.push(n), 20_000)
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: string[] = []
  for (const n of ['first', 'paused', 'cancelled', 'killed', 'last']) {
    ids.push(await runtime.begin(session, 'test.do', { n }))
  }
  const [, paused = '', cancelled = '', killed = '', last = ''] = ids
  assert.equal((await runtime.operate(paused, 'pause')).body.status, 'paused')
  assert.equal((await runtime.operate(cancelled, 'cancel')).body.status, 'cancelled')
  assert.equal((await runtime.operate(killed, 'cancel', { mode: 'kill' })).body.status, 'cancelled')
  assert.equal((await runtime.operate(paused, 'resume')).body.status, 'accepted')
  await runtime.restart()
  await runtime.until(last)
  await runtime.until(paused)
  assert.deepEqual(ran, ['first', 'paused', 'last'])
  const times = (await started(runtime, session)).map(([, time]) => time)
  assert.ok(times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) >= 2_000))
})

test('one that is paused before it began and then cancelled runs nothing', async () => {
  let ran = 0
  const realm = limitedRealm({ rate: { times: 1, per: '1m' } }, async () => ran++)
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  await runtime.run(session, 'test.do', {})
  const second = await runtime.begin(session, 'test.do', {})
  await runtime.operate(second, 'pause')
  await runtime.restart()
  const { body } = await runtime.operate(second, 'cancel', { reason: 'too late' })
  assert.deepEqual([body.status, body.compensated, ran], ['cancelled', false, 1])
})

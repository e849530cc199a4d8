import assert from 'node:assert/strict'
import { test } from 'node:test'

import { VirtualClock } from './virtual-clock.ts'

test('what is due first runs first, and what is due at one moment in the order it was set', () => {
  const clock = new VirtualClock(1_000)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`)
  clock.after(20, note('late'))
  clock.after(10, note('first'))
  clock.after(10, note('second'))
  clock.after(-5, note('at once'))
  assert.deepEqual([clock.pending, clock.next_ms, clock.now()], [4, 1_000, 1_000])
  while (clock.advanceToNext());
  assert.deepEqual(ran, ['at once at 1000', 'first at 1010', 'second at 1010', 'late at 1020'])
  assert.deepEqual([clock.pending, clock.next_ms], [0, null])
})

test('what is cancelled does not run, also among others of its moment', () => {
  const clock = new VirtualClock(0)
  const ran: number[] = []
  const cancels = [1, 2, 3].map((name) => clock.after(5, () => ran.push(name)))
  cancels[1]?.()
  cancels[1]?.()
  while (clock.advanceToNext());
  assert.deepEqual(ran, [1, 3])
})

test('it stands where it is told to, but passes no timer', () => {
  const clock = new VirtualClock(0)
  clock.after(10, () => {})
  clock.standAt(9)
  assert.equal(clock.now(), 9)
  assert.throws(() => clock.standAt(11), /A timer is due before that moment/)
})

test('a process that died hears of none of its timers, and sets none any more', () => {
  const clock = new VirtualClock(0)
  const ran: string[] = []
  const [dying, living] = [clock.mortal(), clock.mortal()]
  dying.after(1, () => ran.push('dead'))
  living.after(2, () => ran.push('alive'))
  dying.die()
  dying.after(3, () => ran.push('dead'))
  assert.equal(clock.pending, 1)
  while (clock.advanceToNext());
  assert.deepEqual(ran, ['alive'])
})

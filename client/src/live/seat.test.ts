// Whether a reader has all that it should have is known from the places between which each thing told stands, so a log with a filter is
// read as safely as a whole one.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { Seat } from './seat.ts'

const event = (after: number, place: number) =>
  ({ type: 'event', after, place, event: { id: String(place) } as Event }) as const
const end = (after: number, place: number) => ({ type: 'caught_up', after, place }) as const

async function heardAt(seat: Seat, place: number) {
  const heard = await seat.next(place, undefined)
  return heard.type === 'events'
    ? [heard.events.map(({ event: { id } }) => id), heard.place, heard.upToDate]
    : heard.type
}

test('what a filter passed over is no gap, and the reader stands behind it', async () => {
  const seat = new Seat(10, () => {})
  for (const told of [event(10, 14), end(14, 20), event(20, 27), end(27, 31)]) seat.hear(told)
  assert.deepEqual(await heardAt(seat, 12), [['14', '27'], 31, true])
})

test('what was told twice is given once, also to a reader who has read further than the others', async () => {
  const seat = new Seat(10, () => {})
  for (const told of [event(10, 11), event(11, 12), event(12, 11), event(12, 12), event(12, 15)]) seat.hear(told)
  assert.deepEqual(await heardAt(seat, 11), [['12', '15'], 15, false])
})

test('behind what is left out nothing is given, and the reader is sent to the log', async () => {
  const seat = new Seat(10, () => {})
  for (const told of [event(10, 11), event(13, 14), end(14, 14)]) seat.hear(told)
  assert.deepEqual(await heardAt(seat, 10), [['11'], 11, false])
  assert.equal(await heardAt(seat, 11), 'behind')
  seat.hear(event(14, 15))
  assert.deepEqual(await heardAt(seat, 14), [['15'], 15, false])
})

test('an end of the log that the reader has not read up to sends it there, whatever fitted', async () => {
  const seat = new Seat(10, () => {})
  seat.hear(end(16, 20))
  assert.equal(await heardAt(seat, 10), 'behind')
})

test('a reader that takes nothing gives its seat back, and is behind', async () => {
  let left = 0
  const seat = new Seat(0, () => left++)
  for (let place = 1; place <= 2_001; place++) seat.hear(event(place - 1, place))
  assert.deepEqual([left, seat.isTaken, await heardAt(seat, 0)], [1, false, 'behind'])
})

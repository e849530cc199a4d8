import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type LineState, lineInWords, toneOf, worstOf } from './line-state.ts'

const NOW = 1_000_000
const words = (state: LineState) => lineInWords(state, NOW)

test('of several lines the worst one is told, with all that is missing', () => {
  const state = worstOf([
    { status: 'live' },
    { status: 'reconnecting', behind: 7, retryAt: NOW + 4100 },
    { status: 'reconnecting', behind: 5, retryAt: NOW + 2900 },
  ])
  assert.equal(words(state), 'Reconnecting, 12 events behind, next attempt in 3 s')
  assert.equal(toneOf(state), 'busy')
})

test('a page that follows nothing is connected, and one whose streams have ended is as live as it can be', () => {
  assert.equal(words(worstOf([])), 'Connected')
  assert.equal(words(worstOf([{ status: 'ended' }])), 'Live')
  assert.equal(
    words(worstOf([{ status: 'ended' }, { status: 'catching_up', behind: 1 }])),
    'Catching up, 1 event behind',
  )
})

test('an attempt that is due is not told as one to come', () => {
  assert.equal(words({ status: 'reconnecting', retryAt: NOW - 1 }), 'Reconnecting')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Cancelled, PauseError, RetryableError, TerminalError } from '@biplane/realm/error'

import { pauseMs, reactionTo } from './retry.ts'

test('what an error is decides what is done about it', () => {
  assert.equal(reactionTo(new Error('who knows'), 1), 'retry')
  assert.equal(reactionTo(new RetryableError('x', 'x'), 1, { retryIf: () => false }), 'retry')
  assert.equal(reactionTo(new Error('no'), 1, { retryIf: () => false }), 'fail')
  assert.equal(reactionTo(new TerminalError('x', 'x'), 1), 'fail')
  assert.equal(reactionTo(new Cancelled(), 1), 'fail')
  assert.equal(reactionTo(new PauseError('x', 'x'), 1), 'pause')
})

test('retries are counted after the first attempt, and none is made beyond', () => {
  assert.equal(reactionTo(new Error('x'), 2, { times: 2 }), 'retry')
  assert.equal(reactionTo(new Error('x'), 3, { times: 2 }), 'fail')
  assert.equal(reactionTo(new Error('x'), 1, { times: 0 }), 'fail')
})

test('pauses grow by the factor up to the bound, and jitter only shortens them', () => {
  const policy = { backoff: '1s', factor: 3, max: '10s', jitter: 0.5 } as const
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pauseMs(attempt, 0, policy)),
    [1_000, 3_000, 9_000, 10_000],
  )
  assert.equal(pauseMs(2, 1, policy), 1_500)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judged } from './outcome.ts'

const problem = (code: string) => JSON.stringify({ status: 500, code })

test('an answer is wrong if the fault is ours, wherever it says so', () => {
  const isWrong = (status: number, text: string) => judged(String(status), status, text).wrong !== undefined
  assert.ok(isWrong(500, problem('internal')))
  assert.ok(isWrong(502, ''))
  assert.ok(isWrong(503, problem('runtime_unavailable')))
  assert.ok(isWrong(200, JSON.stringify({ result: { content: [{ text: problem('internal') }] } })))
  assert.ok(!isWrong(404, problem('session_not_found')))
  assert.ok(!isWrong(200, '{"code":"a payload may say internal"}'))
})

test('an answer of a server that is full is told apart', () => {
  assert.deepEqual(judged('503', 503, problem('overloaded')), { answer: 'overloaded' })
})

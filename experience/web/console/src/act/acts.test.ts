import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Event, STATUSES } from '@biplane/protocol'

import { actsFor, traceOf, whyNot } from './acts.ts'

test('each status offers what the runtime would do there, and what has ended is only done again', () => {
  assert.deepEqual(
    STATUSES.map((status) => `${status}: ${actsFor(status).join(' ')}`),
    [
      'accepted: pause cancel signal',
      'running: pause cancel signal',
      'waiting: pause cancel signal',
      'paused: resume cancel signal',
      'compensating: ',
      'parked: resume settle',
      'completed: retry fork',
      'failed: retry fork',
      'cancelled: retry fork',
      'superseded: retry',
    ],
  )
})

test('a viewer is told why not, and a user may answer but not steer', () => {
  const viewer = { role: 'viewer', scopes: ['event:read'] }
  assert.match(whyNot('cancel', viewer) ?? '', /viewer .*execution:operate/)
  assert.match(whyNot('signal', viewer) ?? '', /intent:submit/)
  const user = { role: 'user', scopes: ['event:read', 'intent:submit'] }
  assert.equal(whyNot('signal', user), null)
  assert.match(whyNot('retry', user) ?? '', /execution:operate/)
})

test('an act is found in the log by what it left there behind what was there before', () => {
  const event = (seq: number, type: string, data: object = {}) =>
    ({ seq, type, kind: 'lifecycle', execution_id: 'exe_1', data }) as unknown as Event
  const events = [event(1, 'execution.paused'), event(2, 'execution.continued'), event(3, 'execution.paused')]
  assert.equal(traceOf('pause', events, 2, 'exe_1')?.seq, 3)
  assert.equal(traceOf('resume', events, 2, 'exe_1'), undefined)
  assert.equal(traceOf('retry', [event(4, 'intent.accepted', { retry_of: 'exe_1' })], 3, 'exe_1')?.seq, 4)
})

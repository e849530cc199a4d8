import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { timelineOf } from './timeline-model.ts'

const T0 = Date.parse('2026-11-24T10:00:00.000Z')
const at = (kind: string, type: string, ms: number, data: object = {}) =>
  ({ kind, type, seq: ms, time: new Date(T0 + ms).toISOString(), execution_id: 'exe_1', data }) as unknown as Event
const step = (type: string, ms: number, data: object) =>
  at('step', `step.${type}`, ms, { ordinal: 0, name: 'charge', ...data })
const error = { code: 'x', message: 'no answer' }
/** Kind, from and to of each bar, from the beginning of the execution. */
const bars = (events: Event[], row = 0) =>
  timelineOf(events, T0).rows[row]?.bars.map(({ kind, fromMs, toMs }) => [
    kind,
    fromMs - T0,
    toMs === null ? null : toMs - T0,
  ])

test('a step that is tried again has a bar for each attempt and each wait between them', () => {
  const events = [
    at('lifecycle', 'execution.started', 10),
    step('failed', 30, { attempt: 1, error, final: false, retry_at: new Date(T0 + 130).toISOString() }),
    step('completed', 180, { attempt: 2, duration_ms: 50 }),
  ]
  assert.deepEqual(bars(events), [
    ['failed', 10, 30],
    ['retry', 30, 130],
    ['work', 130, 180],
  ])
  assert.deepEqual(bars(events.slice(0, 2))?.at(-1), ['retry', 30, null])
})

test('a step that its log tells of as it begins is at work until it ends', () => {
  const begun = [step('started', 20, { attempt: 1 })]
  assert.deepEqual(bars(begun), [['work', 20, null]])
  assert.deepEqual(bars([...begun, step('completed', 60, { attempt: 1, duration_ms: 40 })]), [['work', 20, 60]])
  assert.deepEqual(bars([...begun, step('failed', 60, { attempt: 1, error, final: true })]), [['failed', 20, 60]])
})

test('undo stands in the order in which it was done, and marks what was taken back', () => {
  const call = (ordinal: number, name: string) => ({ ordinal, name })
  const { rows, spans, toMs } = timelineOf(
    [
      step('completed', 10, { ...call(0, 'reserve'), attempt: 1, duration_ms: 5 }),
      step('completed', 20, { ...call(1, 'charge'), attempt: 1, duration_ms: 5 }),
      step('failed', 30, { ...call(2, 'ship'), attempt: 1, error, final: true }),
      at('saga', 'saga.compensating', 40, { error }),
      at('saga', 'saga.undo_failed', 50, { ...call(1, 'charge'), attempt: 1, error, final: false }),
      at('saga', 'saga.step_undone', 60, call(1, 'charge')),
      at('saga', 'saga.step_undone', 70, call(0, 'reserve')),
      at('lifecycle', 'execution.failed', 80, { error, compensated: true }),
    ],
    T0,
  )
  assert.deepEqual(
    rows.map(({ label, state }) => `${label} ${state}`),
    ['reserve undone', 'charge undone', 'ship failed', 'undo charge done', 'undo reserve done'],
  )
  assert.deepEqual(
    rows[3]?.bars.map(({ kind, fromMs, toMs: to }) => [kind, fromMs - T0, (to ?? 0) - T0]),
    [
      ['failed', 40, 50],
      ['undo', 50, 60],
    ],
  )
  assert.deepEqual([spans.map(({ kind }) => kind), toMs], [['queued', 'undoing'], T0 + 80])
})

test('what is waited for is open until it comes, and nothing is open in what has ended', () => {
  const waits = [at('signal', 'signal.awaited', 10, { ordinal: 0, name: 'paid' })]
  assert.deepEqual(bars(waits), [['wait', 10, null]])
  const taken = at('signal', 'signal.taken', 40, { ordinal: 0, name: 'paid', signal_id: 's' })
  assert.deepEqual(bars([...waits, taken]), [['wait', 10, 40]])
  assert.deepEqual(bars([...waits, at('lifecycle', 'execution.cancelled', 50, { compensated: false })]), [
    ['wait', 10, 50],
  ])
})

test('pauses are times of the whole, with who asked and why', () => {
  const paused = at('lifecycle', 'execution.paused', 20, { by: 'ada', reason: 'a look at it' })
  const { spans } = timelineOf(
    [at('lifecycle', 'execution.started', 5), paused, at('lifecycle', 'execution.continued', 90)],
    T0,
  )
  assert.deepEqual(spans.at(-1), {
    kind: 'paused',
    fromMs: T0 + 20,
    toMs: T0 + 90,
    words: 'paused by ada: a look at it',
  })
  assert.equal(spans[0]?.toMs, T0 + 5)
})

test('a child leads to its execution', () => {
  const called = at('child', 'child.called', 10, {
    ordinal: 3,
    name: 'shop.pack',
    child_execution_id: 'exe_2',
    detached: false,
  })
  const [row] = timelineOf([called], T0).rows
  assert.deepEqual([row?.childId, row?.state, row?.label], ['exe_2', 'open', 'shop.pack'])
})

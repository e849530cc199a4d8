import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { messageFor } from './progress.ts'

const told = (kind: string, type: string, data: object = {}) => messageFor({ kind, type, data } as unknown as Event)

test('events are told in words, as far as they say how far the work is', () => {
  assert.equal(told('lifecycle', 'execution.started'), 'execution started')
  assert.equal(told('step', 'step.completed', { name: 'land' }), 'land completed')
  const failed = { name: 'land', error: { code: 'x', message: 'no room' } }
  assert.equal(told('step', 'step.failed', { ...failed, final: false }), 'land failed: no room; it is tried again')
  assert.equal(told('step', 'step.failed', { ...failed, final: true }), 'land failed: no room')
  const far = { step: 'land', message: 'reading', done: 20, total: 60, unit: 'rows' }
  assert.equal(told('progress', 'execution.progress', far), 'land: reading: 20 of 60 rows')
  assert.equal(told('progress', 'execution.progress', { done: 20 }), '20')
  assert.equal(told('progress', 'execution.progress'), 'at work')
  assert.equal(told('signal', 'signal.awaited', { name: 'go', approval: {} }), 'waits for the approval "go"')
  assert.equal(told('emitted', 'content.parsed', { rows: 3 }), 'content.parsed')
  for (const kind of ['state', 'session', 'stream', 'child', 'unheard_of']) assert.equal(told(kind, 'x'), null)
})

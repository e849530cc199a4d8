import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { systemClock } from '../system.ts'
import { runAttempt } from './attempt.ts'

const ATTEMPTS = 200

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('what listens to the signal of a step that is over is let go, though it never took its listener away', async () => {
  const executionSignal = new AbortController().signal
  const signals: WeakRef<AbortSignal>[] = []
  const run = (signal: AbortSignal) => {
    signals.push(new WeakRef(signal))
    signal.addEventListener('abort', () => signal.reason)
  }
  for (let i = 0; i < ATTEMPTS; i++) {
    await runAttempt({ name: 'listen', run, timeoutMs: 60_000, signal: executionSignal }, systemClock)
  }
  collect()
  await new Promise(setImmediate)
  collect()
  const kept = signals.filter((signal) => signal.deref() !== undefined).length
  assert.ok(kept < ATTEMPTS / 10, `${kept} of ${ATTEMPTS} are kept`)
})

test('a step is told to stop when its time is up, and when its execution is', async () => {
  const execution = new AbortController()
  const waiting = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  const late = await runAttempt({ name: 'late', run: waiting, timeoutMs: 5, signal: execution.signal }, systemClock)
  assert.equal(late.kind === 'error' && (late.error as { code?: string }).code, 'step.timed_out')
  const cancelled = runAttempt({ name: 'gone', run: waiting, timeoutMs: 60_000, signal: execution.signal }, systemClock)
  execution.abort(new Error('cancelled'))
  const end = await cancelled
  assert.equal(end.kind === 'error' && (end.error as Error).message, 'cancelled')
})

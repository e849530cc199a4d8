import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { Pulse } from './pulse.ts'

test('another view of the same memory sees what runs, and what ran last', () => {
  const pulse = new Pulse()
  const other = new Pulse(pulse.memory)
  assert.equal(other.entered(), null)
  pulse.enter('hello.greet step charge')
  assert.deepEqual(other.entered(), { name: 'hello.greet step charge', isRunning: true })
  pulse.leave()
  assert.deepEqual(other.entered(), { name: 'hello.greet step charge', isRunning: false })
  pulse.enter('a.b handler')
  assert.deepEqual(other.entered(), { name: 'a.b handler', isRunning: true })
})

test('a name that is too long is cut between two characters', () => {
  const pulse = new Pulse()
  pulse.enter('€'.repeat(1_000))
  assert.match(pulse.entered()?.name ?? '', /^€{100,}$/)
})

test('a name that changes all the time is never read half written', async (t) => {
  const pulse = new Pulse()
  const source = new URL('./pulse.ts', import.meta.url).href
  const names = ['a'.repeat(10), 'b'.repeat(400)]
  const code = `
    const { workerData } = require('node:worker_threads')
    import(workerData.source).then(({ Pulse }) => {
      const pulse = new Pulse(workerData.memory)
      for (;;) for (const name of workerData.names) pulse.enter(name)
    })`
  const writer = new Worker(code, { eval: true, workerData: { source, names, memory: pulse.memory } })
  t.after(() => writer.terminate())
  while (pulse.entered() === null) await after(1)
  for (let read = 0; read < 10_000;) {
    const code = pulse.entered()
    if (!code) continue
    assert.ok(names.includes(code.name), code.name)
    read++
  }
})

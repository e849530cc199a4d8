// When a client looks at its lines. The page and the clock are given: a program has no page, and no test sleeps a night.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createWakes, watchClock, watchPage } from './wakes.ts'

const next = (told: string[], count: number) => async () => {
  while (told.length < count) await new Promise((resolve) => setImmediate(resolve))
}

test('a clock that jumps says that the machine has slept, and one that goes on says nothing', async () => {
  const told: string[] = []
  let slept_ms = 0
  const stop = watchClock(
    () => Date.now() + slept_ms,
    (change) => void told.push(change),
    1,
  )
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setTimeout(resolve, 1))
  assert.deepEqual(told, [])
  slept_ms = 3_600_000
  await next(told, 1)()
  stop()
  assert.deepEqual(told, ['woke'])
})

test('a page that is hidden for long is unseen, and one that is shown again is seen', async () => {
  const told: string[] = []
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const show = (state: string) => {
    page.visibilityState = state
    page.dispatchEvent(new Event('visibilitychange'))
  }
  const stop = watchPage(page, (change) => void told.push(change), 1)
  show('hidden')
  await next(told, 1)()
  show('visible')
  show('hidden')
  stop()
  show('visible')
  assert.deepEqual(told, ['unseen', 'seen'])
})

test('each who listens is told, until they do so no longer', () => {
  const told: string[] = []
  const network = new EventTarget()
  const onChange = createWakes(Date.now, network, () => undefined)
  const stops = ['one', 'other'].map((name) => onChange((change) => void told.push(`${name} ${change}`)))
  network.dispatchEvent(new Event('online'))
  stops[0]?.()
  network.dispatchEvent(new Event('online'))
  stops[1]?.()
  network.dispatchEvent(new Event('online'))
  assert.deepEqual(told, ['one online', 'other online', 'other online'])
})

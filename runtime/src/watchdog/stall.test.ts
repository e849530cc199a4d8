import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Finding, Stall } from './stall.ts'

const AFTER_MS = 1_000
const EVERY_MS = 250

/** A loop that is looked at, on a clock that only moves when the test says so. */
class Loop {
  #beats = 0
  #now_ms = 0
  readonly #stall = new Stall(AFTER_MS, EVERY_MS, 0, 0)
  readonly findings: Finding[] = []

  turn(looks: number): void {
    this.#run(looks, 1)
  }

  block(looks: number): void {
    this.#run(looks, 0)
  }

  /** Neither the loop nor who looks at it runs. */
  sleep(ms: number): void {
    this.#now_ms += ms
  }

  #run(looks: number, beats: number): void {
    for (let i = 0; i < looks; i++) {
      this.#now_ms += EVERY_MS
      this.#beats += beats
      const finding = this.#stall.look(this.#beats, this.#now_ms)
      if (finding) this.findings.push(finding)
    }
  }
}

test('a loop that turns is never said to be blocked', () => {
  const loop = new Loop()
  loop.turn(100)
  for (let i = 0; i < 10; i++) {
    loop.block(3)
    loop.turn(1)
  }
  assert.deepEqual(loop.findings, [])
})

test('a block is said when it is long, then at doubling times, and once more when it is over', () => {
  const loop = new Loop()
  loop.turn(4)
  loop.block(17)
  loop.turn(2)
  assert.deepEqual(loop.findings, [
    { kind: 'blocked', blocked_ms: 1_000 },
    { kind: 'blocked', blocked_ms: 2_000 },
    { kind: 'blocked', blocked_ms: 4_000 },
    { kind: 'over', blocked_ms: 4_500 },
  ])
})

test('a second block is said as early as the first', () => {
  const loop = new Loop()
  loop.block(16)
  loop.turn(1)
  loop.findings.length = 0
  loop.block(4)
  assert.deepEqual(loop.findings, [{ kind: 'blocked', blocked_ms: 1_000 }])
})

test('a machine that slept is not said to have been blocked', () => {
  const loop = new Loop()
  loop.turn(4)
  loop.sleep(8 * 3_600_000)
  // The looking thread woke first.
  loop.block(1)
  loop.turn(4)
  assert.deepEqual(loop.findings, [])
})

test('a block goes on being counted after a sleep in the middle of it', () => {
  const loop = new Loop()
  loop.block(3)
  loop.sleep(8 * 3_600_000)
  loop.block(1)
  assert.deepEqual(loop.findings, [{ kind: 'blocked', blocked_ms: 3 * EVERY_MS + 2 * EVERY_MS }])
})

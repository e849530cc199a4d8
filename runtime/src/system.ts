// The world as it is: the clock, chance and the log of a real process. Tests and the simulator bring others.

import { randomBytes } from 'node:crypto'

import type { IdSource } from '@biplane/protocol'
import { pino } from 'pino'

import type { Clock, Log } from './engine/ports.ts'

/** `setTimeout` takes no more; a longer wait is cut, and whoever waits looks again. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, Math.min(ms, TIMEOUT_MS_MAX))
    return () => clearTimeout(timer)
  },
}

export const systemIds: IdSource = { now: systemClock.now, bytes: pooledBytes }

export const systemLog = (level = 'info'): Log => pino({ level, base: { plane: 'runtime' } }, pino.destination(1))

const POOL_BYTES = 4096
let pool = randomBytes(POOL_BYTES)
let used = 0

/** Chance is drawn in large pieces: asking the system for 16 bytes costs more than all else of an id. */
function pooledBytes(count: number): Uint8Array {
  if (used + count > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

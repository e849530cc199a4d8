// Buckets of tokens, one for each key: it fills at a rate up to a burst, and who takes from an empty one has to wait. Keys come from
// outside, so the least used are forgotten; a forgotten bucket is a full one.

import { createBoundedMap } from './bounded-map.ts'

export interface Rate {
  perSecond: number
  /** How many at once, after a pause. */
  burst: number
}

/** How a bucket stands after something was taken, or was asked for in vain. */
export interface Standing {
  isAllowed: boolean
  remaining: number
  /** Until the bucket is full again. */
  fullInS: number
  /** Until there is one to take; 0 if there is now. */
  nextInS: number
}

export interface Buckets {
  take(key: string): Standing
}

const KEYS_MAX = 10_000

/** `now` gives milliseconds that never go back. */
export function createBuckets({ perSecond, burst }: Rate, now: () => number = () => performance.now()): Buckets {
  const buckets = createBoundedMap<{ tokens: number; atMs: number }>(KEYS_MAX)
  return {
    take(key) {
      const nowMs = now()
      const { tokens, atMs } = buckets.get(key) ?? { tokens: burst, atMs: nowMs }
      const filled = Math.min(burst, tokens + ((nowMs - atMs) / 1000) * perSecond)
      const isAllowed = filled >= 1
      const left = isAllowed ? filled - 1 : filled
      buckets.set(key, { tokens: left, atMs: nowMs })
      return {
        isAllowed,
        remaining: Math.floor(left),
        fullInS: (burst - left) / perSecond,
        nextInS: Math.max(0, 1 - left) / perSecond,
      }
    },
  }
}

// Chance and ids from a seed, so that a test runs the same each time.

import type { IdSource } from '@biplane/protocol'

/** Numbers from 0 up to 1: Tommy Ettinger's Mulberry32, which is small and good enough to spread ids and pauses. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const idsOf = (chance: () => number, clock: { now(): number }): IdSource => ({
  now: () => clock.now(),
  bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(chance() * 256)),
})

// The intents of the simulated realm: each does what its payload says, and they differ in what bounds them.

import type { Chance } from './chance.ts'
import type { Kind } from './program.ts'

export interface Bounds {
  /** Of the whole execution. */
  timeout_ms?: number
  concurrency?: number
  serial?: boolean
  /** `per` in milliseconds. */
  rate?: { times: number; per: number }
  /** In milliseconds. */
  debounce?: { quiet: number; atMost: number }
}

export const BOUNDS: Record<string, Bounds> = {
  'sim.run': {},
  'sim.run_briefly': { timeout_ms: 8_000 },
  'sim.run_in_turn': { serial: true },
  'sim.run_few': { concurrency: 2, timeout_ms: 25_000 },
  'sim.run_seldom': { rate: { times: 2, per: 3_000 }, timeout_ms: 25_000 },
  'sim.run_latest': { debounce: { quiet: 1_000, atMost: 4_000 } },
}

/** Whether its executions may have to wait before they begin. */
export const isLimited = ({ timeout_ms: _, ...limit }: Bounds): boolean => Object.keys(limit).length > 0

/** How many of one lane are at work at once. */
export const slotsOf = ({ serial = false, concurrency = Infinity }: Bounds): number => (serial ? 1 : concurrency)

const SHARED = Object.keys(BOUNDS).filter((type) => isLimited(BOUNDS[type] ?? {}))
const LANES = ['east', 'west'] as const
const PRIORITY_MAX = 2

/** `depth` counts down from parent to child. */
export const makeKind = (chance: Chance, depth: number): Kind =>
  chance.once(2)
    ? makeSharedKind(chance, depth)
    : { intent_type: chance.pick(['sim.run', 'sim.run', 'sim.run_briefly']), lane: '', priority: 0 }

/** One that may have to wait for its turn. */
export function makeSharedKind(chance: Chance, depth: number): Kind {
  const intent_type = chance.pick(SHARED)
  // What waits in order for what waits for it would wait for ever, so no child shares the lane of its parent.
  const level = BOUNDS[intent_type]?.serial ? `-${depth}` : ''
  return { intent_type, lane: `${chance.pick(LANES)}${level}`, priority: chance.below(PRIORITY_MAX + 1) }
}

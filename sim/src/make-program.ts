// Programs from chance: trees of a bounded depth and size.

import type { Chance } from './chance.ts'
import { makeKind } from './intents.ts'
import type { Program, Work } from './program.ts'

const DEPTH_MAX = 4
export const CHILD_DEPTH_MAX = 2
const WAITS_MS_MAX = 20_000
const BUSY_MS_MAX = 2_000
const NAMES = ['reserve', 'charge', 'ship', 'notify', 'audit'] as const
export const SIGNALS = ['go', 'paid', 'seen'] as const
const COUNTERS = ['stock', 'total'] as const

export function makeProgram(chance: Chance): Program {
  const parts = Array.from({ length: chance.between(3, 7) }, () => part(chance, DEPTH_MAX, CHILD_DEPTH_MAX))
  // Whatever comes after work that can be undone and fails makes a saga.
  if (chance.once(3)) parts.push({ do: 'throw', terminal: chance.once(2) })
  return { do: 'sequence', of: parts }
}

/** At work for a while, waiting, and at work again; without children. */
export function makeBusyProgram(chance: Chance): Program {
  const busy = (): Program => ({
    do: 'step',
    name: chance.pick(NAMES),
    work: { ...makeWork(chance), takes_ms: chance.between(100, BUSY_MS_MAX), fails: 0 },
  })
  const of: Program[] = [busy(), { do: 'sleep', ms: chance.between(1, BUSY_MS_MAX) }, busy()]
  if (chance.once(3)) of.push(simple(chance, 0))
  return { do: 'sequence', of }
}

function part(chance: Chance, depth: number, children: number): Program {
  if (depth > 0 && chance.once(3)) return compound(chance, depth - 1, children)
  return simple(chance, children)
}

function compound(chance: Chance, depth: number, children: number): Program {
  const many = () => Array.from({ length: chance.between(2, 3) }, () => part(chance, depth, children))
  switch (chance.below(7)) {
    case 0:
    case 1:
      return { do: 'all', of: many() }
    case 2:
      return { do: 'race', of: many() }
    case 3:
      return { do: 'settled', of: many() }
    case 4:
      return { do: 'sequence', of: many() }
    case 5:
      return { do: 'either', of: [part(chance, depth, children), part(chance, depth, children)] }
    default:
      return { do: 'try', of: part(chance, depth, children) }
  }
}

function simple(chance: Chance, children: number): Program {
  const kind = chance.below(16)
  if (kind < 6) return { do: 'step', name: chance.pick(NAMES), work: makeWork(chance) }
  const within_ms = chance.once(3) ? null : chance.between(1, WAITS_MS_MAX)
  switch (kind) {
    case 6:
      return { do: 'sleep', ms: chance.between(0, WAITS_MS_MAX) }
    case 7:
    case 8:
      return { do: 'wait', name: chance.pick(SIGNALS), within_ms }
    case 9:
      // A name of its own: the first decision on a name counts, and a second wait for it would wait for ever.
      return { do: 'approve', name: `approval_${chance.below(2 ** 32)}`, within_ms }
    case 10:
    case 11:
      return children > 0 ? call(chance, children - 1) : { do: 'emit', value: chance.below(100) }
    case 12:
      return { do: 'set', key: chance.pick(COUNTERS), value: chance.below(100) }
    case 13:
      return { do: 'bump', key: chance.pick(COUNTERS), scope: chance.pick(['session', 'tenant'] as const) }
    case 14:
      return { do: 'emit', value: chance.below(100) }
    default:
      return chance.once(2)
        ? { do: 'progress', done: chance.below(100) }
        : { do: 'stream', chunks: chance.between(1, 4) }
  }
}

function call(chance: Chance, children: number): Program {
  const of = Array.from({ length: chance.between(1, 3) }, () => part(chance, 1, children))
  if (chance.once(5)) of.push({ do: 'throw', terminal: true })
  const detached = chance.once(4)
  const undo_fails = detached || chance.once(2) ? null : undoFails(chance)
  return { do: 'call', program: { do: 'sequence', of }, kind: makeKind(chance, children), detached, undo_fails }
}

const makeWork = (chance: Chance): Work => ({
  takes_ms: chance.once(3) ? null : chance.once(4) ? chance.between(1, 8_000) : chance.below(40),
  fails: chance.once(4) ? chance.between(1, 6) : 0,
  error: chance.pick(['retryable', 'retryable', 'unknown', 'terminal', 'pause'] as const),
  timeout_ms: chance.once(6) ? chance.between(1, 4_000) : null,
  heeds: !chance.once(4),
  undo_fails: chance.once(2) ? undoFails(chance) : null,
})

/** From the fifth failure on, an undo parks its execution. */
const undoFails = (chance: Chance): number => (chance.once(4) ? chance.between(1, 7) : 0)

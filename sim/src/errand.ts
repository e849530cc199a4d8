// What a client comes for, and when.

import type { Chance } from './chance.ts'
import { makeKind, makeSharedKind } from './intents.ts'
import { CHILD_DEPTH_MAX, makeProgram, makeBusyProgram } from './make-program.ts'
import type { Asked } from './program.ts'

export interface Errand {
  from_ms: number
  within_ms: number
  make(chance: Chance): Omit<Asked, 'request' | 'body'>
}

/** Everybody comes for something, at some time. */
export const anyErrand = (within_ms: number): Errand => ({
  from_ms: 0,
  within_ms,
  make: (chance) => ({ ...makeKind(chance, CHILD_DEPTH_MAX), program: makeProgram(chance) }),
})

const CROWD_WITHIN_MS = 2_000

/** Everybody comes for the same at once, so that most of them must wait for their turn. */
export function crowdErrand(chance: Chance, within_ms: number): Errand {
  const { intent_type, lane } = makeSharedKind(chance, CHILD_DEPTH_MAX)
  return {
    from_ms: chance.below(within_ms),
    within_ms: CROWD_WITHIN_MS,
    make: (chance) => ({
      ...makeSharedKind(chance, CHILD_DEPTH_MAX),
      intent_type,
      lane,
      program: makeBusyProgram(chance),
    }),
  }
}

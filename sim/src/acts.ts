// What a person does to an execution: what may help it, and what comes at the wrong moment.

import type { Chance } from './chance.ts'
import type { AgainAsk, SignalAsk } from './front.ts'
import { SIGNALS } from './make-program.ts'
import { type Program, partsOf } from './program.ts'

const ACTS_MAX = 6
const CALLS_MAX = 8

export type Act =
  | { kind: 'signal'; signal: SignalAsk }
  | { kind: 'cancel'; mode: 'cooperative' | 'kill' }
  | { kind: 'again'; ask: Omit<AgainAsk, 'of'> }
  | { kind: 'pause' | 'resume' | 'settle' | 'wait' | 'look' }

/** `request`: the key under which the execution was asked for. */
export function actsOf(program: Program, request: string, chance: Chance): Act[] {
  const waits = partsOf(program).filter((part) => part.do === 'wait' || part.do === 'approve')
  const acts: Act[] = waits
    .filter(() => !chance.once(4))
    .map((wait, i) => {
      const approved = wait.do === 'approve' ? { approved: !chance.once(4) } : {}
      // Two of one id may be of two names: the first is the one that counts.
      return { kind: 'signal', signal: { name: wait.name, signal_id: `sig_${chance.once(10) ? 0 : i}`, ...approved } }
    })
  for (let i = chance.below(ACTS_MAX); i > 0; i--) acts.push(anyAct(request, chance))
  return acts
}

function anyAct(request: string, chance: Chance): Act {
  switch (chance.below(12)) {
    case 0:
      return { kind: 'cancel', mode: chance.once(3) ? 'kill' : 'cooperative' }
    case 1:
      return { kind: 'pause' }
    case 2:
      return { kind: 'resume' }
    case 3:
      return { kind: 'signal', signal: { name: chance.pick(SIGNALS), signal_id: `sig_more_${chance.below(3)}` } }
    case 4:
    case 5:
      return { kind: 'wait' }
    case 6:
      return { kind: 'settle' }
    case 7:
    case 8:
      return { kind: 'again', ask: againAsk(request, chance) }
    default:
      return { kind: 'look' }
  }
}

function againAsk(request: string, chance: Chance): Omit<AgainAsk, 'of'> {
  const verb = chance.pick(['retry', 'fork'] as const)
  // The last is known already, and for something else.
  const key = chance.pick([null, null, `${request}.again`, request])
  return { verb, key, through: verb === 'retry' || chance.once(2) ? null : chance.below(CALLS_MAX) }
}

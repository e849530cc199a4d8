// Every guarantee that a simulation checks, by its number in docs/guarantees.md. A checker says what it saw; nothing is good.

import type { Evidence } from '../evidence.ts'
import { begunAgain } from './begun-again.ts'
import { cancelMeetsEnd } from './cancel-meets-end.ts'
import { childrenFirst } from './children-first.ts'
import { commitsTogether } from './commits-together.ts'
import { fairTurns } from './fair-turns.ts'
import { gaplessSeq } from './gapless-seq.ts'
import { oneKeyOneExecution } from './one-key-one-execution.ts'
import { rateKept } from './rate-kept.ts'
import { readersSeeTheLog } from './readers-see-the-log.ts'
import { replays } from './replays.ts'
import { sagasEnd } from './sagas-end.ts'
import { serialOrder } from './serial-order.ts'
import { sessionsClose } from './sessions-close.ts'
import { settledByHand } from './settled-by-hand.ts'
import { signalsOnce } from './signals-once.ts'
import { slotsHeld } from './slots-held.ts'
import { stepsOnce } from './steps-once.ts'
import { superseded } from './superseded.ts'
import { timeIsUp } from './time-is-up.ts'
import { timersOnTime } from './timers-on-time.ts'

export type Checker = (evidence: Evidence) => string[] | Promise<string[]>

export const CHECKERS: Record<string, Checker> = {
  'G3 one key, one execution': oneKeyOneExecution,
  'G4 a result once': stepsOnce,
  'G5 seq 1..n': gaplessSeq,
  'G6 readers see the log': readersSeeTheLog,
  'G7 serial order': serialOrder,
  'G8 one commit': commitsTogether,
  'G9 sagas end': sagasEnd,
  'G9 settled by hand': settledByHand,
  'G10 one end for all': cancelMeetsEnd,
  'G11 timers': timersOnTime,
  'G11 time is up': timeIsUp,
  replay: replays,
  'children first': childrenFirst,
  'signals once': signalsOnce,
  'retry and fork': begunAgain,
  'slots held': slotsHeld,
  'fair turns': fairTurns,
  'rate kept': rateKept,
  superseded,
  'sessions close': sessionsClose,
}

// Every guarantee that a simulation checks, by its number in docs/guarantees.md. A checker says what it saw; nothing is good.

import type { Evidence } from '../evidence.ts'
import { cancelMeetsEnd } from './cancel-meets-end.ts'
import { childrenFirst } from './children-first.ts'
import { commitsTogether } from './commits-together.ts'
import { gaplessSeq } from './gapless-seq.ts'
import { oneKeyOneExecution } from './one-key-one-execution.ts'
import { readersSeeTheLog } from './readers-see-the-log.ts'
import { replays } from './replays.ts'
import { sagasEnd } from './sagas-end.ts'
import { signalsOnce } from './signals-once.ts'
import { stepsOnce } from './steps-once.ts'
import { timersOnTime } from './timers-on-time.ts'

export type Checker = (evidence: Evidence) => string[] | Promise<string[]>

export const CHECKERS: Record<string, Checker> = {
  'G3 one key, one execution': oneKeyOneExecution,
  'G4 a result once': stepsOnce,
  'G5 seq 1..n': gaplessSeq,
  'G6 readers see the log': readersSeeTheLog,
  'G8 one commit': commitsTogether,
  'G9 sagas end': sagasEnd,
  'G10 one end for all': cancelMeetsEnd,
  'G11 timers': timersOnTime,
  replay: replays,
  'children first': childrenFirst,
  'signals once': signalsOnce,
}

// What is recorded before the handler of an execution runs in this process.

import type { Failure } from '@biplane/protocol'

import type { History } from './history.ts'
import type { Journal } from './journal.ts'
import { DEATHS_MAX } from './limits.ts'
import type { Slot } from './slot.ts'

/** Its turn has come. */
export async function begin(journal: Journal, slot: Slot | null): Promise<void> {
  const entry = journal.entry('execution.started', {})
  const begins = { began_ms: entry.time_ms, rate_lane: slot?.rateLane ?? null }
  // By the time in the log, which a restart goes by.
  slot?.begun(entry.time_ms)
  await journal.commit([entry], { status: 'running', begins })
}

/** Counts a restart after a death. Answers why it is not to go on, if that has been enough of them. */
export async function countDeath(journal: Journal, history: History): Promise<Failure | null> {
  const recoveries = history.recoveries + 1
  if (recoveries < DEATHS_MAX) {
    await journal.commit([journal.entry('execution.recovered', { recoveries })])
    return null
  }
  const message = `The process died ${DEATHS_MAX} times in a row while it ran this execution.`
  return { code: 'execution.poisoned', message }
}

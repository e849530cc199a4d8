// When the process dies so that executions are replayed from every commit that they go on from. Deaths are spread: an execution that
// was brought back too often without getting on would be parked, since it looks as if it killed its process.

import type { NewEntry } from '@biplane/runtime/store-port'

import type { Fate, Mortality } from './mortal-store.ts'

/** Times that an execution is brought back without getting on. The engine parks it after three. */
const RECOVERIES_MAX = 1
/** What a body tells while it is under way: a death there would only begin the body anew, for ever. */
const IN_BETWEEN: readonly string[] = ['execution.recovered', 'execution.progress', 'stream.chunk']
const ENDS: readonly string[] = ['execution.completed', 'execution.failed', 'execution.cancelled']

/** `fateOf` is asked first. */
export function replayEveryStep(fateOf: NonNullable<Mortality['fateOf']>): NonNullable<Mortality['fateOf']> {
  /** How often those that are unfinished were brought back since they last got on. */
  const recoveries = new Map<string, number>()
  const getsOn = (entries: readonly NewEntry[]): boolean => {
    let on = false
    for (const { execution_id, type } of entries) {
      if (execution_id === null) continue
      if (type === 'execution.recovered') recoveries.set(execution_id, (recoveries.get(execution_id) ?? 0) + 1)
      else if (ENDS.includes(type)) recoveries.delete(execution_id)
      else if (!IN_BETWEEN.includes(type)) recoveries.set(execution_id, 0)
      on ||= !IN_BETWEEN.includes(type)
    }
    return on
  }
  return (write, entries): Fate => {
    const fate = fateOf(write, entries)
    // An acceptance that is sent again would die again.
    if (write !== 'record' || !getsOn(entries) || fate !== 'lives') return fate
    return [...recoveries.values()].some((times) => times > RECOVERIES_MAX) ? 'lives' : 'dies_after'
  }
}

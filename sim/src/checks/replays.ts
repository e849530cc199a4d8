// A log is enough: the handler, run against the log of an execution that has ended, makes the same calls; and if it completed, it
// returns the same.

import { isFinal } from '@biplane/protocol'
import type { Outcome } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'
import { identityOf } from '@biplane/runtime/identity'
import { historyOf } from '@biplane/runtime/load-history'
import type { ExecutionRow } from '@biplane/runtime/store-port'

import { type Evidence, dataOf } from '../evidence.ts'
import type { World } from '../world.ts'

export async function replays({ executions, world }: Evidence): Promise<string[]> {
  const saw: string[] = []
  for (const { row, entries } of executions) {
    if (!isFinal(row.status)) continue
    const outcome = await replay(row, world)
    const expected = row.status === 'completed' ? JSON.stringify(dataOf(entries.at(-1) as never).result) : null
    const wrong = whatIsWrong(outcome, expected)
    if (wrong) saw.push(`${row.execution_id}, replayed, ${wrong}`)
  }
  return saw
}

async function replay(row: ExecutionRow, world: World): Promise<Outcome | null> {
  const definition = world.catalogue.intent(row.intent_type)?.definition
  if (!definition) throw new Error(`There is no ${row.intent_type}.`)
  const history = await historyOf(world.store, row.execution_id)
  const run = new Run(
    definition,
    history.payload,
    identityOf(row, history, () => {}),
    () => {},
  )
  return (await run.advance(history.records)).outcome
}

/** `expected`: what it returned, as JSON text; null if it did not. */
function whatIsWrong(outcome: Outcome | null, expected: string | null): string | null {
  if (outcome?.kind === 'diverged') return `diverges: ${outcome.divergence.message}`
  if (expected === null) return null
  if (outcome?.kind !== 'returned') return `${outcome ? 'throws' : 'does not end'}; it had returned.`
  const returned = JSON.stringify(outcome.value)
  return returned === expected ? null : `returns ${returned}; it had returned ${expected}.`
}

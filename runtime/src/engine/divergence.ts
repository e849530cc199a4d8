// Whether an execution can be replayed by a handler, told without doing anything: what the handler asks for is not carried out.

import type { IntentDefinition } from '@biplane/realm'
import type { Divergence } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import type { ExecutionRow } from '../store/port.ts'
import type { History } from './history.ts'
import { identityOf } from './identity.ts'

/** Null if the handler makes of its log what was made of it before. */
export async function divergenceOf(
  definition: IntentDefinition,
  payload: unknown,
  row: ExecutionRow,
  history: History,
): Promise<Divergence | null> {
  let stray: Divergence | null = null
  const identity = identityOf(row, history, () => {})
  const run = new Run(definition, payload, identity, (divergence) => {
    stray ??= divergence
  })
  const { outcome } = await run.advance(history.records)
  return outcome?.kind === 'diverged' ? outcome.divergence : stray
}

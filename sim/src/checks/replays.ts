// A log is enough: the handler, run against the log of an execution that has completed, makes the same calls and returns the same.

import { historyOf } from '@biplane/runtime/load-history'
import { divergenceOf } from '@biplane/runtime/divergence'
import { isFinal } from '@biplane/protocol'

import type { Evidence } from '../evidence.ts'

export async function replays({ executions, world }: Evidence): Promise<string[]> {
  const saw: string[] = []
  for (const { row } of executions) {
    if (!isFinal(row.status)) continue
    const definition = world.catalogue.intent(row.intent_type)?.definition
    if (!definition) throw new Error(`There is no ${row.intent_type}.`)
    const history = await historyOf(world.store, row.execution_id)
    const divergence = await divergenceOf(definition, history.payload, row, history)
    if (divergence) saw.push(`${row.execution_id}: ${divergence.message}`)
  }
  return saw
}

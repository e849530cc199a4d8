// Whether the realms that are there can go on with an execution.

import type { Failure } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { ExecutionRow } from '../store/port.ts'
import type { Catalogue } from './catalogue.ts'
import { divergenceOf } from './divergence.ts'
import type { History } from './history.ts'

/** What runs an execution, or why nothing here can. */
export type Runnable = { definition: IntentDefinition; payload: unknown } | { error: Failure }

export function runnableOf(catalogue: Catalogue, row: ExecutionRow, history: History): Runnable {
  const { intent_type, realm_version } = row
  const definition = catalogue.intent(intent_type, realm_version)?.definition
  if (!definition) {
    return { error: { code: 'realm.missing', message: `No realm of this runtime has ${intent_type}.` } }
  }
  const payload = definition.payload.safeParse(history.payload)
  if (payload.success) return { definition, payload: payload.data }
  const message = `The schema of ${intent_type} refuses the payload it took before.`
  return { error: { code: 'payload.no_longer_valid', message } }
}

/** Why an execution cannot go on; null if it can. Its handler is replayed, and nothing that it asks for is carried out. */
export async function obstacleTo(catalogue: Catalogue, row: ExecutionRow, history: History): Promise<Failure | null> {
  const runnable = runnableOf(catalogue, row, history)
  return 'error' in runnable ? runnable.error : divergenceOf(runnable.definition, runnable.payload, row, history)
}

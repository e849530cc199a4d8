// When nothing goes on any more: no child that is waited for is left behind by a parent that has ended.

import { isFinal } from '@biplane/protocol'

import type { World } from '../world.ts'

const UNFINISHED_MAX = 10_000

export async function orphansOf(world: World): Promise<string[]> {
  const saw: string[] = []
  for (const row of (await world.store.listUnfinished(null, UNFINISHED_MAX)).items) {
    if (row.parent_id === null || row.parent_ordinal === null || row.status === 'parked') continue
    const parent = await world.store.getExecution(row.tenant_id, row.parent_id)
    if (parent && isFinal(parent.status))
      saw.push(`${row.execution_id} is ${row.status}, and ${row.parent_id} that called it has ended.`)
  }
  return saw
}

// Keys that make a request safe to repeat. One namespace in a tenant: a key names the one thing it made, whatever was asked.

import type { TenantId } from '@biplane/protocol'

import type { RequestKey } from '../port.ts'
import type { KeyRecord, Tables } from './tables.ts'

/** The first of these keys that is known; `conflict` if it was used for another body; null if none is known. */
export function findKey(tables: Tables, tenant: TenantId, keys: readonly RequestKey[]): KeyRecord | 'conflict' | null {
  for (const { key, body_hash } of keys) {
    const known = tables.keysOf(tenant).get(key)
    if (known) return known.body_hash === body_hash ? known : 'conflict'
  }
  return null
}

/** A key may be given twice in one request; the first counts. */
export function keepKeys(
  tables: Tables,
  tenant_id: TenantId,
  keys: readonly RequestKey[],
  made: Pick<KeyRecord, 'execution' | 'session' | 'made_ms'>,
): void {
  const kept = tables.keysOf(tenant_id)
  for (const { key, body_hash } of keys) if (!kept.has(key)) kept.set(key, { tenant_id, key, body_hash, ...made })
}

export function sweepKeys(tables: Tables, before_ms: number, limit: number): number {
  const due = tables
    .allKeys()
    .filter((record) => record.made_ms < before_ms && endOf(record) < before_ms)
    .sort((a, b) => a.made_ms - b.made_ms || compare(a.tenant_id, b.tenant_id) || compare(a.key, b.key))
    .slice(0, limit)
  for (const { tenant_id, key } of due) tables.keysOf(tenant_id).delete(key)
  return due.length
}

/** When what the key made ended, or was made if it does not end. */
const endOf = ({ execution, made_ms }: KeyRecord): number =>
  execution ? (execution.row.ended_ms ?? Infinity) : made_ms

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

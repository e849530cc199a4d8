// How long logs are kept: events that are older are cut off, session by session, as far as nothing needs them any more.

import type { SessionId, TenantId } from '@biplane/protocol'

import type { Runtime } from './runtime-parts.ts'

/** Every log is looked at this often within the time that events are kept. */
const LOOKS = 8
const SESSIONS_AT_ONCE = 100
/** Of one command to the store, which keeps others waiting. */
const ENTRIES_AT_ONCE = 1_000

type Parts = Pick<Runtime, 'store' | 'engine' | 'clock' | 'stopping'>
interface Log {
  tenant_id: TenantId
  session_id: SessionId
}

/** How often `cutLogs` is to be called. */
export const cutEveryMs = (keepMs: number): number => Math.ceil(keepMs / LOOKS)

/** Cuts off what is older than `keepMs`. Answers how many entries went. */
export async function cutLogs(parts: Parts, keepMs: number): Promise<number> {
  const { store, clock, stopping } = parts
  const lookedBefore = clock.now() - cutEveryMs(keepMs)
  let cut = 0
  while (!stopping.aborted) {
    const logs = await store.listUncut(lookedBefore, SESSIONS_AT_ONCE)
    for (const log of logs) cut += await cutLog(parts, log, clock.now() - keepMs)
    if (logs.length < SESSIONS_AT_ONCE) break
  }
  return cut
}

async function cutLog({ store, engine, clock, stopping }: Parts, log: Log, olderThanMs: number): Promise<number> {
  const before_seq = await firstSince(store, log.session_id, olderThanMs)
  const lease = engine.leaseOf(log.session_id)
  let cut = 0
  for (let more = true; more && !stopping.aborted;) {
    const command = { lease, ...log, before_seq, entries_max: ENTRIES_AT_ONCE, looked_ms: clock.now() }
    const done = await store.cutLog(command)
    cut += done.entries
    more = done.more
  }
  return cut
}

/** The seq of the first entry that is no older than a moment, or of the last: entries follow each other in time. */
async function firstSince(store: Parts['store'], session: SessionId, ms: number): Promise<number> {
  const head = await store.sessionHead(session)
  const [first] = await store.readSession(session, 0, 1)
  let [low, high] = [first?.seq ?? 1, head?.last_seq ?? 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [entry] = await store.readSession(session, middle - 1, 1)
    if (entry && entry.time_ms >= ms) high = middle
    else low = middle + 1
  }
  return low
}

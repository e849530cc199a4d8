// What time makes needless is removed: request keys past their keep, artifacts that no log names, and events that are older than logs
// are kept.

import { cutEveryMs, cutLogs } from './retention.ts'
import type { Runtime } from './runtime-parts.ts'

const EVERY_MS = 3_600_000
/** A key is good for this long past the end of its execution (docs/protocol.md §4). */
const KEYS_KEEP_MS = 7 * 24 * 3_600_000
const KEYS_AT_ONCE = 1_000

/** Runs now and then until the answer is called. `keepMs`: how old events get; null if they are kept for ever. */
export function keepHouse(runtime: Runtime, keepMs: number | null): () => void {
  const stops = [every(EVERY_MS, runtime, 'swept', () => sweep(runtime))]
  if (keepMs !== null) {
    const cut = async () => ({ entries: await cutLogs(runtime, keepMs) })
    stops.push(every(Math.min(EVERY_MS, cutEveryMs(keepMs)), runtime, 'logs were cut', cut))
  }
  return () => stops.forEach((stop) => stop())
}

function every(ms: number, { clock, log }: Runtime, done: string, task: () => Promise<object>): () => void {
  let cancel = () => {}
  let isStopped = false
  const run = () => {
    task()
      .then((removed) => log.info(removed, done))
      .catch((error: unknown) => log.error({ error: String(error) }, 'keeping house failed; it is tried again'))
      .finally(schedule)
  }
  const schedule = () => {
    if (!isStopped) cancel = clock.after(ms, run)
  }
  schedule()
  return () => {
    isStopped = true
    cancel()
  }
}

async function sweep({ store, artifacts, clock }: Runtime): Promise<{ keys: number; artifacts: number }> {
  const before = clock.now() - KEYS_KEEP_MS
  let keys = 0
  for (let swept = KEYS_AT_ONCE; swept === KEYS_AT_ONCE; keys += swept) {
    swept = await store.sweepKeys(before, KEYS_AT_ONCE)
  }
  const unreferenced = store.unreferenced.bind(store)
  return { keys, artifacts: await artifacts.sweep(unreferenced, clock.now()) }
}

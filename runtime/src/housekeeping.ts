// What time makes needless is removed: request keys past their keep, artifacts that no log names.

import type { Runtime } from './runtime-parts.ts'

const EVERY_MS = 3_600_000
/** A key is good for this long past the end of its execution (docs/protocol.md §4). */
const KEYS_KEEP_MS = 7 * 24 * 3_600_000
const KEYS_AT_ONCE = 1_000

/** Runs now and then until the answer is called. */
export function keepHouse(runtime: Runtime): () => void {
  const { clock, log } = runtime
  let cancel = () => {}
  const schedule = () => {
    cancel = clock.after(EVERY_MS, () => {
      sweep(runtime)
        .then((removed) => log.info(removed, 'swept'))
        .catch((error: unknown) => log.error({ error: String(error) }, 'the sweep failed; it is tried again'))
        .finally(schedule)
    })
  }
  schedule()
  return () => cancel()
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

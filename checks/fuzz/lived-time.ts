// Time as this process lives it. A machine that sleeps, or is taken away from us for a while, has kept the other processes from
// answering too: that is no hang, so a clock on the wall would accuse them wrongly.

const TICK_MS = 250

/** Calls back once so much time was lived through. The answer takes it back. */
export function afterLiving(ms: number, then: () => void): () => void {
  let left = Math.ceil(ms / TICK_MS)
  // However late a tick comes, it counts as one.
  const timer = setInterval(() => {
    if (--left > 0) return
    clearInterval(timer)
    then()
  }, TICK_MS)
  return () => clearInterval(timer)
}

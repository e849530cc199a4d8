// A pause before another attempt, which is over at once when the network is back, the machine has slept or the page is seen again.

import { pause } from './backoff.ts'
import type { Surroundings } from './surroundings.ts'

/** Rejects with the signal's reason if it aborts first. */
export async function pauseUntilWoken(ms: number, surroundings: Surroundings, signal?: AbortSignal): Promise<void> {
  const woken = new AbortController()
  const stop = surroundings.onChange((change) => change !== 'unseen' && woken.abort())
  try {
    await pause(ms, signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]))
  } catch (error) {
    if (signal?.aborted) throw error
  } finally {
    stop()
    // A joint signal that somebody listened to is held until one of its sources aborts.
    woken.abort()
  }
}

// How long to pause between attempts, so that a thousand clients of a restarted runtime do not return in the same instant.

export interface Backoff {
  /** The longest pause before the second attempt. */
  baseMs: number
  /** No pause is longer. */
  maxMs: number
}

/** Doubles with each failure; half of it is left to chance. `failures` counts from 1. */
export function backoffMs(failures: number, { baseMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, baseMs * 2 ** (failures - 1))
  return full * (0.5 + Math.random() / 2)
}

/** Rejects with the signal's reason if it aborts first. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

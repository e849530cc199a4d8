// A pause that ends sooner if it is aborted.

import type { Clock } from './ports.ts'

/** True when `ms` have passed; false if `signal` aborted before. */
export function paused({ clock, ms, signal }: { clock: Clock; ms: number; signal: AbortSignal }): Promise<boolean> {
  if (signal.aborted || ms <= 0) return Promise.resolve(!signal.aborted)
  return new Promise((resolve) => {
    const onAbort = () => {
      cancel()
      resolve(false)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve(true)
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

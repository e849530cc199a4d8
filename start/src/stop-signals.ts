// Ctrl-C and its kin, as two AbortSignals: the first asks to stop, the second to stop waiting for that.

/** npm passes on a signal that the terminal has sent to us already: what comes this soon is the same key press. */
const SAME_PRESS_MS = 1000

export interface StopSignals {
  stop: AbortSignal
  force: AbortSignal
}

export function stopSignals(): StopSignals {
  const stop = new AbortController()
  const force = new AbortController()
  let askedAt: number | null = null
  const onSignal = () => {
    const now = performance.now()
    askedAt ??= now
    if (now - askedAt >= SAME_PRESS_MS) force.abort()
    stop.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return { stop: stop.signal, force: force.signal }
}

// Who waits for something new, by what they wait for. A word only wakes them: they read for themselves, so whatever is lost or late of
// it loses nothing.

export class Ears<Key> {
  readonly #wakes = new Map<Key, Set<() => void>>()

  tell(key: Key): void {
    for (const wake of this.#wakes.get(key) ?? []) wake()
  }

  /** Resolves at the next word, when `isThere` finds that there is something already, or when `signal` aborts. */
  async wait(key: Key, isThere: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const forget = this.#hear(key, resolve)
    const onAbort = () => resolve()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      // The ear first, then the look: what comes in between is heard.
      if (signal.aborted || (await isThere())) return
      await promise
    } finally {
      forget()
      // A reader waits once per batch with one signal: what it leaves on it would pile up.
      signal.removeEventListener('abort', onAbort)
    }
  }

  #hear(key: Key, wake: () => void): () => void {
    const wakes = this.#wakes.get(key) ?? new Set()
    this.#wakes.set(key, wakes.add(wake))
    return () => {
      wakes.delete(wake)
      if (wakes.size === 0 && this.#wakes.get(key) === wakes) this.#wakes.delete(key)
    }
  }
}

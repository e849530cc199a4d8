// The world outside the runtime, as the steps of the gallery's programs meet it: they do things to it that can be counted, they
// wait at its gates, and something of it may be broken. A process that has died reaches it no more.

export class World {
  /** What was done, in order. */
  readonly done: string[] = []
  /** What does not work until it is mended. */
  readonly broken = new Set<string>()
  readonly #gates = new Map<string, PromiseWithResolvers<void>>()
  #life = 0
  #inside = 0
  #insideMost = 0

  /** How many steps wait at a gate. */
  get inside(): number {
    return this.#inside
  }

  /** The most that were at a gate at once, as long as the world stands. */
  get insideMost(): number {
    return this.#insideMost
  }

  did(what: string): void {
    this.done.push(what)
  }

  /** How often something was done. */
  count(what: string): number {
    return this.done.filter((each) => each === what).length
  }

  /** A gate that was never closed is open. */
  close(name: string): void {
    this.#gates.set(name, Promise.withResolvers<void>())
  }

  open(name: string): void {
    this.#gates.get(name)?.resolve()
  }

  /** Resolves when the gate is open; rejects when `signal` aborts. Never settles for a process that is gone. */
  async pass(name: string, signal: AbortSignal): Promise<void> {
    const life = this.#life
    this.#insideMost = Math.max(this.#insideMost, ++this.#inside)
    try {
      await Promise.race([this.#gates.get(name)?.promise, aborted(signal)])
    } finally {
      if (life === this.#life) this.#inside--
    }
    if (life !== this.#life) await new Promise(() => {})
  }

  /** What a process began that is gone now comes to nothing. */
  forgetProcess(): void {
    this.#life++
    this.#inside = 0
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))

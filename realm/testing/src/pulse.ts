// Knows whether anything is going on, so that time moves only when nothing is.

/** Turns of the event loop without a sign of life, after which nothing is going on but what the outside world does. */
const QUIET_TURNS = 3
const TURNS_MAX = 1_000_000
/** How often it is looked whether a body still waits for the outside world, in real time. */
const LOOK_EVERY_MS = 5
/** A body may work so long in real time when time has nothing else to do than to wait for it. */
const BODY_MS_MAX = 30_000

interface Body {
  name: string
  /** It has been waited for, and showed nothing. */
  idle: boolean
}

export class Pulse {
  readonly #bodies = new Set<Body>()
  #handlers = 0
  #isOver = false
  #beats = 0
  #onBeat = () => {}
  /** What keeps the event loop alive when no body is under way. */
  #usual = activeResources()

  /** Something has happened. */
  beat(): void {
    this.#beats++
    this.#onBeat()
  }

  handlerEnters(): void {
    this.#handlers++
  }

  handlerLeaves(): void {
    this.#handlers--
    this.beat()
  }

  get hasBodies(): boolean {
    return this.#bodies.size > 0
  }

  /** Whether a body is under way that has not been waited for. */
  get hasFreshBodies(): boolean {
    return [...this.#bodies].some(({ idle }) => !idle)
  }

  /** Runs a body, and knows that it is under way until what it returns has settled. */
  during(name: string, body: () => unknown): unknown {
    const one = { name, idle: false }
    this.#bodies.add(one)
    const ended = () => {
      this.#bodies.delete(one)
      this.beat()
    }
    try {
      const result = body()
      if (isThenable(result)) result.then(ended, ended)
      else ended()
      return result
    } catch (error) {
      ended()
      throw error
    }
  }

  /** The process is gone, and what it was doing with it. */
  stop(): void {
    this.#bodies.clear()
    this.#isOver = true
    this.beat()
  }

  /** Resolves when nothing goes on any more, but for bodies that wait for the outside world. */
  async still(): Promise<void> {
    let quiet = 0
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      const before = this.#beats
      await turned()
      quiet = this.#beats === before && (this.#isOver || this.#handlers === 0) ? quiet + 1 : 0
      if (quiet < QUIET_TURNS) continue
      if (!this.hasBodies) this.#usual = activeResources()
      return
    }
    throw new Error(
      `It is still busy after ${TURNS_MAX} turns of the event loop: does something repeat itself for ever?`,
    )
  }

  /**
   * Waits in real time for bodies that are under way, until something happens. Those that hold nothing open outside and do nothing
   * for `patienceMs` are taken to wait for virtual time, or for the test, and are fresh no more.
   */
  async waitForFreshBodies(patienceMs: number): Promise<void> {
    const before = this.#beats
    const began = performance.now()
    while (this.#beats === before) {
      await this.#beatWithin(LOOK_EVERY_MS)
      const waited_ms = performance.now() - began
      if (waited_ms < patienceMs || (this.#seesOutside() && waited_ms < BODY_MS_MAX)) continue
      for (const body of this.#bodies) body.idle = true
      return
    }
  }

  /** Waits for any body, in real time, until something happens. @throws Error if it takes too long */
  async waitForBodies(): Promise<void> {
    const before = this.#beats
    const began = performance.now()
    while (this.#beats === before) {
      await this.#beatWithin(LOOK_EVERY_MS)
      if (performance.now() - began < BODY_MS_MAX) continue
      const names = [...this.#bodies].map(({ name }) => name).join(', ')
      throw new Error(`Under way for ${BODY_MS_MAX} ms of real time: ${names}. Fake it, or make it quicker for tests.`)
    }
  }

  async #beatWithin(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onBeat = resolve
    const timer = setTimeout(resolve, ms)
    await promise
    clearTimeout(timer)
    this.#onBeat = () => {}
  }

  /** Whether a body holds something open: a timer, a socket, a file. */
  #seesOutside(): boolean {
    return activeResources() > this.#usual
  }
}

const activeResources = (): number => process.getActiveResourcesInfo().length

const turned = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'

// One process in the life of a runtime: the real engine, on a store that outlives it. It dies before or after a commit, or between.

import type { MortalClock } from '@biplane/realm-testing/virtual-clock'
import { type Fate, MortalStore, type Write } from '@biplane/realm-testing/mortal-store'
import type { Catalogue } from '@biplane/runtime/catalogue'
import { Engine } from '@biplane/runtime/engine'
import type { EngineParts } from '@biplane/runtime/ports'
import { SessionStreams } from '@biplane/runtime/session-streams'
import type { Store } from '@biplane/runtime/store-port'

/** What a request is answered when the process died over it. */
export const DIED = Symbol('died')

/** What outlives a process. */
export interface Around {
  store: Store
  catalogue: Catalogue
  parts: Omit<EngineParts, 'store' | 'clock' | 'watch' | 'perform' | 'performUndo' | 'owner'>
  fateOf: (write: Write) => Fate
}

export class Life {
  readonly engine: Engine
  readonly streams: SessionStreams
  readonly parts: EngineParts
  readonly clock: MortalClock
  /** Resolves when it has died. */
  readonly died: Promise<typeof DIED>
  readonly #store: MortalStore
  /** Handlers that have not come to rest. */
  #handlers = 0
  /** It takes requests. */
  isUp = false
  /** Since when it takes no requests and looks at no timers, by the clock. */
  gone_ms = Number.POSITIVE_INFINITY

  constructor({ store, catalogue, parts, fateOf }: Around, clock: MortalClock, number: number) {
    const { promise, resolve } = Promise.withResolvers<typeof DIED>()
    this.died = promise
    this.clock = clock
    const onDeath = () => {
      clock.die()
      this.isUp = false
      this.gone_ms = Math.min(this.gone_ms, clock.now())
      resolve(DIED)
    }
    this.#store = new MortalStore(store, { fateOf, onDeath })
    const ifAlive = (work: () => unknown) => (this.isDead ? new Promise<never>(() => {}) : work())
    this.parts = {
      ...parts,
      store: this.#store,
      clock,
      owner: `process ${number}`,
      watch: { enter: () => void this.#handlers++, leave: () => void this.#handlers-- },
      // A dead process still has turns to run here; what it does then reaches nothing outside.
      perform: (ask, step) => ifAlive(() => ask.body(step)),
      performUndo: (ask, undo) => ifAlive(() => ask.options.undo?.(undo)),
    }
    this.engine = new Engine(this.parts, catalogue)
    this.streams = new SessionStreams(this.#store)
  }

  get isDead(): boolean {
    return this.#store.isDead
  }

  get isBusy(): boolean {
    return !this.isDead && this.#handlers > 0
  }

  /** Resolves when it is up, or has died on the way. */
  async start(): Promise<void> {
    const started = await Promise.race([this.engine.start(), this.died])
    this.isUp = started !== DIED
  }

  die(): void {
    this.#store.die()
  }

  /** Ends as a process does that is asked to. */
  async stop(): Promise<void> {
    this.isUp = false
    this.gone_ms = this.clock.now()
    await Promise.race([this.engine.close(), this.died])
    this.die()
  }
}

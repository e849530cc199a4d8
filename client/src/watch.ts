// What is followed as a store for a user interface: `subscribe` and `getSnapshot`, as React's `useSyncExternalStore` takes them and any
// other can use. A snapshot stays the same object until something has changed. A store follows while somebody listens, and goes on
// where it was when somebody listens again.

import { BiplaneError } from './error.ts'
import type { FollowOptions, FollowedBatch } from './follow.ts'
import type { FollowStatus } from './status.ts'

export interface Store<T> {
  /** Returns what ends it. */
  subscribe(listener: () => void): () => void
  getSnapshot(): T
}

export interface Watched<V> extends FollowStatus {
  /** What the events so far come to. */
  readonly value: V
}

/** `follow`: goes on behind an offset, at first `offset`; `fold`: what a value becomes. */
export function createStore<V>(
  initial: V,
  fold: (value: V, batch: FollowedBatch['events']) => V,
  follow: (how: FollowOptions) => AsyncIterable<FollowedBatch>,
  offset = '-1',
): Store<Watched<V>> {
  const listeners = new Set<() => void>()
  let snapshot: Watched<V> = { status: 'connecting', value: initial }
  let isOver = false
  let following: AbortController | null = null

  function publish(next: Watched<V>): void {
    snapshot = next
    listeners.forEach((listener) => listener())
  }

  async function run(ending: AbortController): Promise<void> {
    const onStatus = (status: FollowStatus) => {
      if (!ending.signal.aborted) publish({ ...status, value: snapshot.value })
    }
    try {
      for await (const batch of follow({ offset, signal: ending.signal, onStatus })) {
        ;({ offset } = batch)
        const value = fold(snapshot.value, batch.events)
        if (value !== snapshot.value) publish({ ...snapshot, value })
      }
      isOver = true
    } catch (error) {
      if (ending.signal.aborted) return
      isOver = true
      // A follower that cannot go on has said so in its status; whatever else went wrong is said here.
      if (!(error instanceof BiplaneError)) publish({ status: 'denied', error: error as Error, value: snapshot.value })
    }
  }

  /** A listener that goes and comes again at once, as components do, interrupts nothing. */
  async function endUnlessHeard(): Promise<void> {
    await Promise.resolve()
    if (listeners.size > 0) return
    following?.abort()
    following = null
  }

  return {
    subscribe(listener) {
      const own = () => listener()
      listeners.add(own)
      if (following === null && !isOver) void run((following = new AbortController()))
      return () => {
        listeners.delete(own)
        void endUnlessHeard()
      }
    },
    getSnapshot: () => snapshot,
  }
}

/** Stores by name, so that components that ask for the same get the same one as long as any of them has it. */
export class Stores {
  readonly #stores = new Map<string, WeakRef<Store<unknown>>>()

  /** `create` always makes the same type for a name. */
  get<T>(name: string, create: () => Store<T>): Store<T> {
    const known = this.#stores.get(name)?.deref() as Store<T> | undefined
    if (known !== undefined) return known
    for (const [each, store] of this.#stores) if (store.deref() === undefined) this.#stores.delete(each)
    const made = create()
    this.#stores.set(name, new WeakRef(made))
    return made
  }
}

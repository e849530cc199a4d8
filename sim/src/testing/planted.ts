// Bugs to be planted in a copy of the sources. Each is one that somebody could make; the simulator must see every one of them.

export interface Planted {
  name: string
  /** From the root of the repository. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** The checker that must see it, as checks/checkers.ts names it. */
  seenBy: string
}

export const PLANTED: readonly Planted[] = [
  {
    name: 'a result is handed over before it is recorded',
    file: 'runtime/src/engine/work.ts',
    find: `return this.#ended(ask, answer, entry, await this.#journal.commit([entry], { status: 'running' }))`,
    replace: `this.#parts.clock.after(1, () => {
      this.#journal.commit([entry], { status: 'running' }).catch((error: unknown) => this.#owner.fault(error))
    })
    return this.#ended(ask, answer, entry, 0)`,
    seenBy: 'replay',
  },
  {
    name: 'a timer is taken for due before its time',
    file: 'runtime/src/store/memory/lists.ts',
    find: 'due_ms <= now_ms',
    replace: 'due_ms <= now_ms + 500',
    seenBy: 'G11 timers',
  },
  {
    name: 'steps are undone in the order in which they were done',
    file: 'runtime/src/engine/saga.ts',
    find: 'happened.toReversed()',
    replace: 'happened',
    seenBy: 'G9 sagas end',
  },
  {
    name: 'a signal that comes twice is recorded twice',
    file: 'runtime/src/engine/operator.ts',
    find: 'if (history.signals.has(signal_id)) return null',
    replace: '',
    seenBy: 'signals once',
  },
  {
    name: 'state is written in a commit of its own, after that of its entry',
    file: 'runtime/src/engine/journal.ts',
    find: 'this.#untilTaken(() => this.#parts.store.record(command))',
    replace: `this.#untilTaken(async () => {
      const recorded = await this.#parts.store.record({ ...command, state: [] })
      if (state.length > 0) await this.#parts.store.record({ ...command, entries: [] })
      return recorded
    })`,
    seenBy: 'G8 one commit',
  },
  {
    name: 'another body under a known key is taken for the same',
    file: 'runtime/src/engine/acceptance.ts',
    find: 'canonicalJson({ intent_type, realm, session_id, payload })',
    replace: 'canonicalJson({ intent_type, realm, session_id })',
    seenBy: 'G3 one key, one execution',
  },
]

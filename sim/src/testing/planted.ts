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
    name: 'a result is recorded twice',
    file: 'runtime/src/engine/work.ts',
    find: 'await this.#owner.deliver(() => this.#concluded(ask, answer, entry))',
    replace: `await this.#journal.commit([entry])
    await this.#owner.deliver(() => this.#concluded(ask, answer, entry))`,
    seenBy: 'G4 a result once',
  },
  {
    name: 'a timer is taken for due before its time',
    file: 'runtime/src/store/memory/lists.ts',
    find: 'due_ms <= now_ms',
    replace: 'due_ms <= now_ms + 500',
    seenBy: 'G11 timers',
  },
  {
    name: 'timers are looked at a second after they are due',
    file: 'runtime/src/engine/timers.ts',
    find: 'Math.max(0, time_ms - this.#clock.now())',
    replace: 'Math.max(0, time_ms - this.#clock.now()) + 1_000',
    seenBy: 'G11 timers',
  },
  {
    name: 'nobody looks at the time-out of what goes on after a pause',
    file: 'runtime/src/engine/operator.ts',
    find: 'for (const { due_ms } of setTimers) this.#host.timerSet(due_ms)',
    replace: '',
    seenBy: 'G11 time is up',
  },
  {
    name: 'steps are undone in the order in which they were done',
    file: 'runtime/src/engine/saga.ts',
    find: 'happened.toReversed()',
    replace: 'happened',
    seenBy: 'G9 sagas end',
  },
  {
    name: 'what waits is settled as if it were parked',
    file: 'runtime/src/engine/operator.ts',
    find: `if (row.status !== 'parked') refuseUnparked()`,
    replace: `if (row.status !== 'parked' && row.status !== 'waiting') refuseUnparked()`,
    seenBy: 'G9 settled by hand',
  },
  {
    name: 'a parent undoes its steps while its children go on',
    file: 'runtime/src/engine/finish.ts',
    find: 'if (children.length > 0) {\n      await host.endChildren(',
    replace: 'if (children.length > 0) {\n      void host.endChildren(',
    seenBy: 'children first',
  },
  {
    name: 'who waits for an end is told another one than is recorded',
    file: 'runtime/src/engine/finish.ts',
    find: `return { status: 'completed', compensated: false, result, error: null }`,
    replace: `return { status: 'cancelled', compensated: false, result, error: null }`,
    seenBy: 'G10 one end for all',
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
    find: 'this.untilTaken(() => this.#parts.store.record(command))',
    replace: `this.untilTaken(async () => {
      const recorded = await this.#parts.store.record({ ...command, state: [] })
      if (state.length > 0) await this.#parts.store.record({ ...command, entries: [] })
      return recorded
    })`,
    seenBy: 'G8 one commit',
  },
  {
    name: 'another body under a known key is taken for the same',
    file: 'runtime/src/engine/acceptance.ts',
    find: 'canonicalJson({ intent_type, realm, session_id, payload, ...again })',
    replace: 'canonicalJson({ intent_type, realm, session_id, ...again })',
    seenBy: 'G3 one key, one execution',
  },
  {
    name: 'the key of a submission is taken for that of a retry',
    file: 'runtime/src/engine/acceptance.ts',
    find: 'canonicalJson({ intent_type, realm, session_id, payload, ...again })',
    replace: 'canonicalJson({ intent_type, realm, session_id, payload })',
    seenBy: 'retry and fork',
  },
  {
    name: 'a fork undoes what it shares',
    file: 'runtime/src/engine/read-history.ts',
    find: 'history.records = [...inherited.records]',
    replace: 'Object.assign(history, { records: [...inherited.records], steps: inherited.steps })',
    seenBy: 'retry and fork',
  },
  {
    name: 'a number is left out when a session closes',
    file: 'runtime/src/store/memory/append.ts',
    find: '++session.last_seq]',
    replace: `(session.last_seq += type === 'session.closing' ? 2 : 1)]`,
    seenBy: 'G5 seq 1..n',
  },
  {
    name: 'a reader gets an entry again',
    file: 'runtime/src/streams/session-streams.ts',
    find: 'this.#store.readSession(session, after, BATCH_ENTRIES)',
    replace: 'this.#store.readSession(session, after > 50 ? after - 1 : after, BATCH_ENTRIES)',
    seenBy: 'G6 readers see the log',
  },
  {
    name: 'a session that is closing takes intents',
    file: 'runtime/src/store/session-closed.ts',
    find: `status === 'open' ||`,
    replace: `status !== 'closed' ||`,
    seenBy: 'sessions close',
  },
  {
    name: 'what runs in order gives its turn away while it waits',
    file: 'runtime/src/engine/slot.ts',
    find: 'if (!this.#serial) this.release()',
    replace: 'this.release()',
    seenBy: 'G7 serial order',
  },
  {
    name: 'one more is at work than may be',
    file: 'runtime/src/engine/lanes.ts',
    find: 'while (this.#isOpen && lane.held < lane.plan.slots) {',
    replace: 'while (this.#isOpen && lane.held <= lane.plan.slots) {',
    seenBy: 'slots held',
  },
  {
    name: 'new work goes before what has begun',
    file: 'runtime/src/engine/lanes.ts',
    find: 'const taken = lane.returning.shift()',
    replace: 'const taken = lane.queue.hasReady ? undefined : lane.returning.shift()',
    seenBy: 'fair turns',
  },
  {
    name: 'the less urgent goes first',
    file: 'runtime/src/engine/queue.ts',
    find: '(queue[middle] as Queued).priority >= priority',
    replace: '(queue[middle] as Queued).priority <= priority',
    seenBy: 'fair turns',
  },
  {
    name: 'a slot is lost when an execution ends',
    file: 'runtime/src/engine/execution.ts',
    find: 'if (end) this.slot?.release()',
    replace: 'if (end && this.#work.isIdle) this.slot?.rest()',
    seenBy: 'liveness',
  },
  {
    name: 'a restart forgets how many have begun',
    file: 'runtime/src/engine/recovery.ts',
    find: 'await this.#restoreRates()',
    replace: '',
    seenBy: 'rate kept',
  },
  {
    name: 'nobody waits until it is quiet',
    file: 'runtime/src/engine/bursts.ts',
    find: 'created_ms + burst.debounce.quiet_ms',
    replace: 'created_ms',
    seenBy: 'superseded',
  },
]

// One runtime after another on a store that outlives them all. One can be made to die at a commit: from then on nothing that it does
// reaches the store, and its last answer is never heard. Or an answer can be kept back until a test lets go of it.

import type { Realm } from '@biplane/realm'

import { StoreClosed } from '../../store/error.ts'
import { MemoryStore } from '../../store/memory/memory-store.ts'
import type { NewEntry, Store } from '../../store/port.ts'
import { TestRuntime } from '../../test-runtime.ts'
import { gate } from '../test-realm.ts'

type Method = (...ask: unknown[]) => unknown

export class Lives {
  readonly #realms: readonly Realm[]
  readonly #store: Store

  constructor(realms: readonly Realm[], store: Store = new MemoryStore({ now: () => Date.now() })) {
    this.#realms = realms
    this.#store = store
  }

  /** `diesAt`: the type of an entry at whose commit it dies; that is not on the way to its start. */
  async begin(diesAt?: string): Promise<Life> {
    const process = new MortalProcess(this.#store)
    const died = diesAt === undefined ? null : process.diesAt(diesAt, 'before')
    return new Life(process, await TestRuntime.start(this.#realms, { store: process.store }), died)
  }
}

export class Life implements AsyncDisposable {
  readonly runtime: TestRuntime
  readonly #process: MortalProcess
  /** Resolves when it has died where it was to when it was begun. */
  readonly died: Promise<void> | null

  constructor(process: MortalProcess, runtime: TestRuntime, died: Promise<void> | null) {
    this.#process = process
    this.runtime = runtime
    this.died = died
  }

  /** Resolves when it has died, at the next commit with an entry of this type: before that was carried out, or after. */
  diesAt(type: string, when: 'before' | 'after'): Promise<void> {
    return this.#process.diesAt(type, when)
  }

  /** The next commit with an entry of this type is carried out, and its answer waits until `letGo` is called. */
  keepAnswerTo(type: string): { carriedOut: Promise<void>; letGo: () => void } {
    return this.#process.keepAnswerTo(type)
  }

  /** Unless it has died, it ends in peace. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.runtime[Symbol.asyncDispose]()
  }
}

/** What happens at the next commit with an entry of a type. */
interface Incident {
  type: string
  at(commit: () => Promise<unknown>): Promise<unknown>
}

class MortalProcess {
  readonly store: Store
  #isDead = false
  #incidents: Incident[] = []

  constructor(store: Store) {
    this.store = new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as Method
        if (name === 'now' || name === 'onAppend') return (...ask: unknown[]) => method.apply(target, ask)
        if (name === 'close') return () => Promise.resolve()
        return (...ask: unknown[]) => this.#carryOut(ask, () => method.apply(target, ask) as Promise<unknown>)
      },
    })
  }

  diesAt(type: string, when: 'before' | 'after'): Promise<void> {
    const died = gate()
    const at = async (commit: () => Promise<unknown>) => {
      if (when === 'after') await commit()
      this.#isDead = true
      died.open()
      throw dead()
    }
    this.#incidents.push({ type, at })
    return died.passed
  }

  keepAnswerTo(type: string) {
    const [carriedOut, letGo] = [gate(), gate()]
    const at = async (commit: () => Promise<unknown>) => {
      const answer = await commit()
      carriedOut.open()
      await letGo.passed
      return answer
    }
    this.#incidents.push({ type, at })
    return { carriedOut: carriedOut.passed, letGo: letGo.open }
  }

  async #carryOut(ask: unknown[], command: () => Promise<unknown>): Promise<unknown> {
    if (this.#isDead) throw dead()
    const { entries = [] } = (ask[0] ?? {}) as { entries?: readonly NewEntry[] }
    const incident = this.#incidents.find(({ type }) => entries.some((entry) => entry.type === type))
    this.#incidents = this.#incidents.filter((each) => each !== incident)
    const answer = await (incident ? incident.at(command) : command())
    if (this.#isDead) throw dead()
    return answer
  }
}

/** What an engine takes for the end of its own process. */
const dead = () => new StoreClosed('The process has died.')

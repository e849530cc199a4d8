// A store as one process sees it, up to the moment at which that process dies. From then on nothing that it does reaches the store
// and no answer reaches it, whatever of it still runs.

import type { NewEntry, Store } from '@biplane/runtime/store-port'

/** What becomes of a process at a command that may write: it dies before it was carried out, or before it heard the answer. */
export type Fate = 'lives' | 'dies_before' | 'dies_after'

/** Commands that may write. */
export type Write =
  | 'claimShards'
  | 'createSession'
  | 'closeSession'
  | 'acceptIntent'
  | 'record'
  | 'cutLog'
  | 'sweepKeys'
  | 'releaseShards'

export interface Mortality {
  /** Is asked at each command that may write, before it is carried out, with what it appends. Default: lives. */
  fateOf?(write: Write, entries: readonly NewEntry[]): Fate
  /** Is told when a command has been carried out. */
  onCommand?(): void
  /** Is told once, when the process has died and what it wrote last is written. */
  onDeath?(): void
}

type Ask<K extends Reading | Write> = Parameters<Store[K]>
type Answer<K extends Reading | Write> = ReturnType<Store[K]>
type Reading = Exclude<keyof Store, Write | 'onAppend' | 'now'>

export class MortalStore implements Store {
  readonly #store: Store
  readonly #mortality: Mortality
  #dead = false

  constructor(store: Store, mortality: Mortality = {}) {
    this.#store = store
    this.#mortality = mortality
  }

  get isDead(): boolean {
    return this.#dead
  }

  /** The process dies now, between two commands. */
  die(): void {
    if (this.#dead) return
    this.#dead = true
    this.#mortality.onDeath?.()
  }

  now(): number {
    return this.#store.now()
  }

  onAppend(listener: Parameters<Store['onAppend']>[0]): void {
    this.#store.onAppend((...appended) => {
      if (!this.#dead) listener(...appended)
    })
  }

  claimShards(...ask: Ask<'claimShards'>): Answer<'claimShards'> {
    return this.#write('claimShards', [], () => this.#store.claimShards(...ask))
  }
  releaseShards(...ask: Ask<'releaseShards'>): Answer<'releaseShards'> {
    return this.#write('releaseShards', [], () => this.#store.releaseShards(...ask))
  }
  createSession(...ask: Ask<'createSession'>): Answer<'createSession'> {
    return this.#write('createSession', [ask[0].entry], () => this.#store.createSession(...ask))
  }
  closeSession(...ask: Ask<'closeSession'>): Answer<'closeSession'> {
    return this.#write('closeSession', [ask[0].closing], () => this.#store.closeSession(...ask))
  }
  cutLog(...ask: Ask<'cutLog'>): Answer<'cutLog'> {
    return this.#write('cutLog', [], () => this.#store.cutLog(...ask))
  }
  acceptIntent(...ask: Ask<'acceptIntent'>): Answer<'acceptIntent'> {
    return this.#write('acceptIntent', ask[0].entries, () => this.#store.acceptIntent(...ask))
  }
  record(...ask: Ask<'record'>): Answer<'record'> {
    return this.#write('record', ask[0].entries, () => this.#store.record(...ask))
  }
  sweepKeys(...ask: Ask<'sweepKeys'>): Answer<'sweepKeys'> {
    return this.#write('sweepKeys', [], () => this.#store.sweepKeys(...ask))
  }

  getSession(...ask: Ask<'getSession'>): Answer<'getSession'> {
    return this.#read(() => this.#store.getSession(...ask))
  }
  listSessions(...ask: Ask<'listSessions'>): Answer<'listSessions'> {
    return this.#read(() => this.#store.listSessions(...ask))
  }
  getExecution(...ask: Ask<'getExecution'>): Answer<'getExecution'> {
    return this.#read(() => this.#store.getExecution(...ask))
  }
  listExecutions(...ask: Ask<'listExecutions'>): Answer<'listExecutions'> {
    return this.#read(() => this.#store.listExecutions(...ask))
  }
  listUnfinished(...ask: Ask<'listUnfinished'>): Answer<'listUnfinished'> {
    return this.#read(() => this.#store.listUnfinished(...ask))
  }
  listBegun(...ask: Ask<'listBegun'>): Answer<'listBegun'> {
    return this.#read(() => this.#store.listBegun(...ask))
  }
  listUncut(...ask: Ask<'listUncut'>): Answer<'listUncut'> {
    return this.#read(() => this.#store.listUncut(...ask))
  }
  sessionHead(...ask: Ask<'sessionHead'>): Answer<'sessionHead'> {
    return this.#read(() => this.#store.sessionHead(...ask))
  }
  readSession(...ask: Ask<'readSession'>): Answer<'readSession'> {
    return this.#read(() => this.#store.readSession(...ask))
  }
  readExecution(...ask: Ask<'readExecution'>): Answer<'readExecution'> {
    return this.#read(() => this.#store.readExecution(...ask))
  }
  tenantHead(...ask: Ask<'tenantHead'>): Answer<'tenantHead'> {
    return this.#read(() => this.#store.tenantHead(...ask))
  }
  readTenant(...ask: Ask<'readTenant'>): Answer<'readTenant'> {
    return this.#read(() => this.#store.readTenant(...ask))
  }
  getState(...ask: Ask<'getState'>): Answer<'getState'> {
    return this.#read(() => this.#store.getState(...ask))
  }
  listState(...ask: Ask<'listState'>): Answer<'listState'> {
    return this.#read(() => this.#store.listState(...ask))
  }
  dueTimers(...ask: Ask<'dueTimers'>): Answer<'dueTimers'> {
    return this.#read(() => this.#store.dueTimers(...ask))
  }
  unreferenced(...ask: Ask<'unreferenced'>): Answer<'unreferenced'> {
    return this.#read(() => this.#store.unreferenced(...ask))
  }

  /** The store outlives the process. */
  close(): Promise<void> {
    return this.#read(() => Promise.resolve())
  }

  #write<T>(name: Write, entries: readonly NewEntry[], command: () => Promise<T>): Promise<T> {
    if (this.#dead) return never()
    const fate = this.#mortality.fateOf?.(name, entries) ?? 'lives'
    if (fate === 'lives') return this.#heard(command())
    if (fate === 'dies_before') {
      this.die()
      return never()
    }
    // Dead already, but its death is told of when the command is through: whoever comes next must find what it wrote.
    this.#dead = true
    const told = () => {
      this.#mortality.onCommand?.()
      this.#mortality.onDeath?.()
    }
    // A dead process hears of no error either.
    return command()
      .then(told, told)
      .then(never<T>)
  }

  #read<T>(command: () => Promise<T>): Promise<T> {
    return this.#dead ? never() : this.#heard(command())
  }

  /** The answer, if there is anybody left to hear it. */
  #heard<T>(answer: Promise<T>): Promise<T> {
    const told = () => this.#mortality.onCommand?.()
    answer.then(told, told)
    return answer.then(
      (value) => (this.#dead ? never<T>() : value),
      (error: unknown) => {
        if (this.#dead) return never<T>()
        throw error
      },
    )
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => {})

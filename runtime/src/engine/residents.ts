// The executions that are in memory, and how one comes to be there: when its intent is accepted, when the process starts again,
// when its time has come, when somebody operates it.

import type { ExecutionId } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { Entry, ExecutionRow, Lease } from '../store/port.ts'
import type { Catalogue } from './catalogue.ts'
import type { ExecutionHost } from './execution-host.ts'
import { LiveExecution } from './execution.ts'
import type { History } from './history.ts'
import { Journal } from './journal.ts'
import { FORK_DEPTH_MAX, LOAD_ENTRIES } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { forkOf, readHistory } from './read-history.ts'

export class Residents {
  readonly #parts: EngineParts
  readonly #catalogue: Catalogue
  readonly #leaseOf: (row: ExecutionRow) => Lease
  readonly #host: ExecutionHost
  readonly #live = new Map<ExecutionId, LiveExecution>()
  readonly #loading = new Map<ExecutionId, Promise<unknown>>()

  constructor(parts: EngineParts, catalogue: Catalogue, leaseOf: (row: ExecutionRow) => Lease, host: ExecutionHost) {
    this.#parts = parts
    this.#catalogue = catalogue
    this.#leaseOf = leaseOf
    const left: ExecutionHost['left'] = (row, end) => {
      this.#live.delete(row.execution_id)
      host.left(row, end)
    }
    this.#host = { ...host, left }
  }

  get size(): number {
    return this.#live.size
  }

  get(execution: ExecutionId): LiveExecution | undefined {
    return this.#live.get(execution)
  }

  begin(row: ExecutionRow, definition: IntentDefinition, history: History, recovering = false): LiveExecution {
    const live = new LiveExecution(this.#parts, this.#host, row, this.#leaseOf(row), definition, history)
    this.#live.set(row.execution_id, live)
    live.start(recovering)
    return live
  }

  /**
   * Whatever is done to an execution that is not in memory is done here, one at a time. `whenLive` is done instead if it is,
   * or has come to be meanwhile.
   */
  async with<T>(
    execution: ExecutionId,
    whenLive: (live: LiveExecution) => Promise<T> | T,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    for (let other = this.#loading.get(execution); other; other = this.#loading.get(execution)) {
      await other.catch(() => {})
    }
    const live = this.#live.get(execution)
    if (live) return whenLive(live)
    const loading = otherwise().finally(() => this.#loading.delete(execution))
    this.#loading.set(execution, loading)
    return loading
  }

  /** Null if it cannot go on with the realms of this runtime: then it is paused, or parked if it was being undone. */
  async load(row: ExecutionRow, recovering = false): Promise<LiveExecution | null> {
    const history = await this.historyOf(row)
    const runnable = this.runnable(row, history)
    if ('definition' in runnable) {
      return this.begin(row, runnable.definition, { ...history, payload: runnable.payload }, recovering)
    }
    const { error } = runnable
    const journal = this.journalOf(row, history)
    const clearTimers = [...history.waiting.values()]
    const status = row.status === 'compensating' ? 'parked' : 'paused'
    await journal.commit([journal.entry(`execution.${status}`, { error })], { status, clearTimers })
    this.#parts.log.warn({ execution_id: row.execution_id, code: error.code }, error.message)
    return null
  }

  /** What runs an execution, or why nothing here can. */
  runnable({ intent_type, realm_version }: ExecutionRow, history: History) {
    const definition = this.#catalogue.intent(intent_type, realm_version)?.definition
    if (!definition) {
      return { error: { code: 'realm.missing', message: `No realm of this runtime has ${intent_type}.` } }
    }
    const payload = definition.payload.safeParse(history.payload)
    if (payload.success) return { definition, payload: payload.data }
    const message = `The schema of ${intent_type} refuses the payload it took before.`
    return { error: { code: 'payload.no_longer_valid', message } }
  }

  async historyOf(row: ExecutionRow): Promise<History> {
    return this.#historyOf(await this.entriesOf(row.execution_id), 0)
  }

  /** With what was inherited from the execution that it was forked from, and that one from another. */
  async #historyOf(entries: Entry[], depth: number): Promise<History> {
    const fork = forkOf(entries)
    if (!fork || depth >= FORK_DEPTH_MAX) return readHistory(entries)
    const source = await this.entriesOf(fork.execution_id)
    const shared = source.filter(({ seq }) => seq <= fork.through_seq)
    return readHistory(entries, await this.#historyOf(shared, depth + 1))
  }

  journalOf(row: ExecutionRow, history: History): Journal {
    return new Journal(this.#parts, row, this.#leaseOf(row), history.entries, (error) => {
      if (error) this.#parts.log.error({ execution_id: row.execution_id, error: String(error) }, 'a flush failed')
    })
  }

  async entriesOf(execution: ExecutionId): Promise<Entry[]> {
    const all: Entry[] = []
    for (;;) {
      const some = await this.#parts.store.readExecution(execution, all.at(-1)?.seq ?? 0, LOAD_ENTRIES)
      all.push(...some)
      if (some.length < LOAD_ENTRIES) return all
    }
  }

  /** Lets go of every execution where it is. */
  async stop(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.stop()))
    this.#live.clear()
  }
}

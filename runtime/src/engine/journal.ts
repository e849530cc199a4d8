// The only way in which an execution writes. It gathers what the handler noted, adds it in front of what is committed next,
// and keeps the order of commits the order of calls.

import { type Status, isFinal, mayFollow } from '@biplane/protocol'
import type { Note } from '@biplane/realm/port'

import { StorageFull, StoreBusy } from '../store/error.ts'
import type { ExecutionRow, Lease, NewEntry, RecordExecution, Recorded, StateWrite, Timer } from '../store/port.ts'
import { type ClosedType, type DataOf, artifactsIn, callOf, emittedEntry, entryOf } from './entry.ts'
import { ENTRIES_MAX, FLUSH_AFTER_MS, RECORD_RETRY_MS } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { settled } from './settled.ts'

/** The execution ended by another commit that came first. */
export class AlreadyEnded extends Error {
  override readonly name = 'AlreadyEnded'
}

type JsonValue = DataOf<'stream.chunk'>['chunks'][number]

export interface Change {
  status?: Status
  compensated?: boolean
  setTimers?: Timer[]
  clearTimers?: number[]
  /** If it begins with this. */
  begins?: RecordExecution['begins']
}

export class Journal {
  readonly #parts: EngineParts
  readonly #row: ExecutionRow
  readonly #lease: Lease
  readonly #onFlushed: (error: unknown) => void
  #noted: NewEntry[] = []
  #writes: StateWrite[] = []
  #cancelFlush: (() => void) | null = null
  #stalled: Promise<void> | null = null
  /** The last that was given to the store. Commands are carried out in that order. */
  #last: Promise<unknown> = Promise.resolve()
  /** The status that the next commit writes if it names none. */
  #wanted: Status | null = null
  /** The status that the last commit wrote or will write. */
  status: Status
  /** Entries of the execution, counting those under way. */
  entries: number

  constructor(
    parts: EngineParts,
    row: ExecutionRow,
    lease: Lease,
    entries: number,
    /** Told after each flush, with what went wrong or null. */
    onFlushed: (error: unknown) => void,
  ) {
    this.#parts = parts
    this.#row = row
    this.#lease = lease
    this.#onFlushed = onFlushed
    this.status = row.status
    this.entries = entries
  }

  /** An entry of this execution, now. `secret` is JSON text that stays in the runtime. */
  entry<T extends ClosedType>(type: T, data: DataOf<T>, secret?: string): NewEntry {
    const about = { execution: this.#row.execution_id, time_ms: this.#parts.clock.now() }
    return entryOf(type, data, secret === undefined ? about : { ...about, secret })
  }

  /** Keeps notes for the next commit. */
  note(notes: readonly Note[]): void {
    for (const note of notes) {
      if (note.kind === 'emit') {
        this.#noted.push(emittedEntry(note, note.data, this.#row.execution_id, this.#parts.clock.now()))
      } else if (note.kind === 'chunk') {
        const chunks = [JSON.parse(note.chunk) as JsonValue]
        this.#noted.push(this.entry('stream.chunk', { ...callOf(note), stream: note.name, index: note.index, chunks }))
      } else {
        const data = { ...callOf(note), scope: 'session' as const }
        this.#noted.push(this.entry('state.changed', data, `{"value":${note.value}}`))
        this.#writes.push({ scope: 'session', key: note.name, value: note.value })
      }
    }
  }

  /**
   * Writes what was noted and then `entries`, in one commit, and answers the seq of the last. While the disk is full it waits
   * and tries again, and so do those that come after it.
   * @throws AlreadyEnded; Fenced and StoreClosed: this process has no say any more
   */
  async commit(entries: NewEntry[], change: Change = {}): Promise<number> {
    const all = this.#noted.length === 0 ? entries : [...this.#noted, ...entries]
    const writes = this.#writes
    this.forget()
    const recorded = await this.#record(all, writes, change)
    if (recorded.outcome === 'recorded') return recorded.last_seq
    throw new Error(`A plain write of state was refused: ${JSON.stringify(recorded)}`)
  }

  /** Writes `entry` with a write that expects a revision, or answers the revision there is, having written nothing of it. */
  async compareAndSet(entry: NewEntry, write: StateWrite): Promise<{ seq: number } | { conflict: number }> {
    // Apart from the notes, which must not be lost if it is refused. Commands are carried out in the order they are given.
    const before = this.#noted.length === 0 ? null : this.commit([])
    const [recorded] = await Promise.all([this.#record([entry], [write], {}), before])
    return recorded.outcome === 'recorded' ? { seq: recorded.last_seq } : { conflict: recorded.revision }
  }

  /** Resolves when all that was noted and committed can be read. */
  async written(): Promise<void> {
    if (this.#noted.length > 0) await this.commit([])
    else await settled(this.#last)
  }

  /** Sees to it that notes, and a status other than the last, go out soon even if nothing else is committed. */
  flushSoon(status: Status): void {
    if (this.#noted.length === 0 && status === this.status) return
    this.#wanted = status
    this.#cancelFlush ??= this.#parts.clock.after(FLUSH_AFTER_MS, () => {
      this.#cancelFlush = null
      this.commit([]).then(() => this.#onFlushed(null), this.#onFlushed)
    })
  }

  /** It has as many entries as it may. */
  get isFull(): boolean {
    return this.entries >= ENTRIES_MAX
  }

  get isClean(): boolean {
    return this.#noted.length === 0 && this.#cancelFlush === null
  }

  /** Drops what was noted and not committed. */
  forget(): void {
    this.#noted = []
    this.#writes = []
    this.#cancelFlush?.()
    this.#cancelFlush = null
  }

  async #record(
    entries: NewEntry[],
    state: StateWrite[],
    change: Change,
  ): Promise<Exclude<Recorded, { outcome: 'final' }>> {
    const status = change.status ?? this.#wanted ?? this.status
    if (!mayFollow(this.status, status)) throw new Error(`${this.#row.execution_id}: ${this.status} → ${status}`)
    this.status = status
    this.#wanted = null
    this.entries += entries.length
    const { tenant_id, session_id, execution_id } = this.#row
    const command: RecordExecution = {
      lease: this.#lease,
      tenant_id,
      session_id,
      execution_id,
      entries,
      state,
      artifacts: artifactsIn(entries),
      status: this.status,
      compensated: change.compensated ?? false,
      set_timers: [...(change.setTimers ?? []), ...this.#wakesParent(status)],
      clear_timers: change.clearTimers ?? [],
      ...(change.begins && { begins: change.begins }),
    }
    const recording = this.untilTaken(() => this.#parts.store.record(command))
    this.#last = recording
    const recorded = await recording
    if (recorded.outcome === 'final') throw new AlreadyEnded()
    return recorded
  }

  /** Its end wakes the execution that waits for it, in the same commit. */
  #wakesParent(status: Status): Timer[] {
    const { parent_id: execution_id, parent_ordinal: ordinal } = this.#row
    if (!isFinal(status) || execution_id === null || ordinal === null) return []
    return [{ execution_id, ordinal, due_ms: this.#parts.clock.now() }]
  }

  /** Carries out a command, again and again while the disk is full or the store is busy. */
  async untilTaken<T>(command: () => Promise<T>): Promise<T> {
    for (;;) {
      while (this.#stalled) await this.#stalled
      try {
        return await command()
      } catch (error) {
        if (!(error instanceof StorageFull || error instanceof StoreBusy)) throw error
        this.#stall(error)
      }
    }
  }

  #stall(cause: Error): void {
    if (this.#stalled) return
    const about = { execution_id: this.#row.execution_id, cause: cause.message }
    this.#parts.log.warn(about, 'a result cannot be recorded now; it is tried again')
    this.#stalled = new Promise((resolve) => {
      this.#parts.clock.after(RECORD_RETRY_MS, () => {
        this.#stalled = null
        resolve()
      })
    })
  }
}

// Debouncing. Intents of one tenant and lane that come close after each other are a burst; only the last of it is to begin, when it has
// been quiet for long enough, or when the bound on the whole burst is reached. Each that is accepted replaces the one before,
// unless that has begun.

import type { ExecutionId } from '@biplane/protocol'

import type { ExecutionRow } from '../store/port.ts'
import type { Plan } from './plan.ts'
import type { Clock } from './ports.ts'

type Debounce = NonNullable<Plan['debounce']>

interface Burst {
  debounce: Debounce
  /** When the first of it was accepted. */
  first_ms: number
  /** The last that was accepted; null if that is to be, or has gone. */
  last: ExecutionRow | null
  /** Those whose acceptance is under way: each may replace the last. */
  arriving: number
  cancelAlarm: (() => void) | null
}

export class Bursts {
  readonly #clock: Clock
  readonly #setReady: (row: ExecutionRow, isReady: boolean) => void
  readonly #bursts = new Map<string, Burst>()
  readonly #keys = new Map<ExecutionId, string>()

  /** `setReady` is told whether the last of a burst may begin. */
  constructor(clock: Clock, setReady: (row: ExecutionRow, isReady: boolean) => void) {
    this.#clock = clock
    this.#setReady = setReady
  }

  /** One of the burst is about to be accepted: `accepted` or `failed` follows. Answers when the burst began. */
  arrive(key: string, debounce: Debounce): number {
    const burst = this.#burstOf(key, debounce, this.#clock.now())
    burst.arriving++
    this.#look(key, burst)
    return burst.first_ms
  }

  failed(key: string): void {
    const burst = this.#bursts.get(key)
    if (!burst) return
    burst.arriving--
    this.#look(key, burst)
  }

  /** Answers the one that it replaces. It is not ready before `setReady` says so. */
  accepted(key: string, row: ExecutionRow): ExecutionRow | null {
    const burst = this.#bursts.get(key)
    if (!burst) return null
    burst.arriving--
    return this.#follow(key, burst, row)
  }

  /** One that was accepted by the process before, in the order they were. */
  restore(key: string, debounce: Debounce, row: ExecutionRow, first_ms: number): ExecutionRow | null {
    return this.#follow(key, this.#burstOf(key, debounce, first_ms), row)
  }

  /** Looks at the burst of one that has its place in the lane. */
  placed(key: string): void {
    const burst = this.#bursts.get(key)
    if (burst) this.#look(key, burst)
  }

  /** One has begun, or will not. */
  left({ execution_id }: ExecutionRow): void {
    const key = this.#keys.get(execution_id)
    const burst = key === undefined ? undefined : this.#bursts.get(key)
    this.#keys.delete(execution_id)
    if (key === undefined || burst?.last?.execution_id !== execution_id) return
    burst.last = null
    // Whatever is on its way begins another one.
    burst.first_ms = this.#clock.now()
    this.#look(key, burst)
  }

  /** When one may begin if no other comes; null if nothing holds it back. */
  quietUntil({ execution_id }: ExecutionRow): number | null {
    const key = this.#keys.get(execution_id)
    const burst = key === undefined ? undefined : this.#bursts.get(key)
    if (!burst?.last) return null
    const due_ms = dueOf(burst, burst.last)
    return due_ms > this.#clock.now() ? due_ms : null
  }

  close(): void {
    for (const { cancelAlarm } of this.#bursts.values()) cancelAlarm?.()
    this.#bursts.clear()
  }

  #follow(key: string, burst: Burst, row: ExecutionRow): ExecutionRow | null {
    const replaced = burst.last
    if (replaced) this.#keys.delete(replaced.execution_id)
    burst.last = row
    this.#keys.set(row.execution_id, key)
    return replaced
  }

  /** Says whether the last of it may begin, and comes back when time decides that. */
  #look(key: string, burst: Burst): void {
    burst.cancelAlarm?.()
    burst.cancelAlarm = null
    if (!burst.last) {
      if (burst.arriving === 0) this.#bursts.delete(key)
      return
    }
    const now_ms = this.#clock.now()
    const { last, arriving } = burst
    const isBound = now_ms >= boundOf(burst)
    // One that is being accepted now would come too late for it.
    const isQuiet = arriving === 0 && now_ms >= dueOf(burst, last)
    this.#setReady(last, isBound || isQuiet)
    if (isBound || isQuiet) return
    const next_ms = arriving === 0 ? dueOf(burst, last) : boundOf(burst)
    if (next_ms === Infinity) return
    burst.cancelAlarm = this.#clock.after(next_ms - now_ms, () => this.#look(key, burst))
  }

  #burstOf(key: string, debounce: Debounce, first_ms: number): Burst {
    const known = this.#bursts.get(key)
    if (known) return known
    const burst: Burst = { debounce, first_ms, last: null, arriving: 0, cancelAlarm: null }
    this.#bursts.set(key, burst)
    return burst
  }
}

const boundOf = ({ first_ms, debounce }: Burst): number => first_ms + debounce.at_most_ms

const dueOf = (burst: Burst, { created_ms }: ExecutionRow): number =>
  Math.min(created_ms + burst.debounce.quiet_ms, boundOf(burst))

// How a follower stands, in words that a person can be shown: "reconnecting in 3 s, 12 events behind".

import { type BiplaneError, EVENTS_MISSING } from './error.ts'

export interface FollowStatus {
  /**
   * `catching-up`: what is in the log already is being read. `live`: nothing is missing, and what comes is told at once. `gap`: what
   * should come next is gone for good; `denied`: whoever asks may not read it, or it is not there; `closed`: the session is closed and
   * all of it was given. After these three nothing comes any more.
   */
  readonly status: 'connecting' | 'catching-up' | 'live' | 'reconnecting' | 'gap' | 'denied' | 'closed'
  /** Events that are known to be in the log and were not given yet, if there are any. */
  readonly behind?: number
  /** When the next attempt is made. */
  readonly retryAt?: Date
  /** Of a gap, if it is known: the offset from which the log is still there. */
  readonly earliest?: string
  /** Why, of `reconnecting`, `gap` and `denied`. */
  readonly error?: Error
}

/** Tells of changes only. */
export class StatusTeller {
  readonly #tell: (status: FollowStatus) => void
  #last: FollowStatus = { status: 'connecting' }

  constructor(tell: ((status: FollowStatus) => void) | undefined) {
    this.#tell = tell ?? (() => {})
    this.#tell(this.#last)
  }

  /** `behind`: so many are known to be missing. */
  set(next: FollowStatus, behind = 0): void {
    const { status, retryAt } = this.#last
    if (next.status === status && next.retryAt === retryAt && behind === (this.#last.behind ?? 0)) return
    this.#last = behind > 0 ? { ...next, behind } : next
    this.#tell(this.#last)
  }

  /** Something came: a reader that has all stays live, and everybody else catches up. `isFar`: more is there than comes at once. */
  heard(behind: number, isFar: boolean): void {
    if (isFar || this.#last.status !== 'live') this.set({ status: 'catching-up' }, behind)
  }

  ended(error: BiplaneError | null): void {
    if (error === null) return this.set({ status: 'closed' })
    const isGap = error.status === 410 || error.code === EVENTS_MISSING
    const { earliestOffset: earliest } = error
    this.set({ status: isGap ? 'gap' : 'denied', error, ...(isGap && earliest !== undefined ? { earliest } : {}) })
  }
}

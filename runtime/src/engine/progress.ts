// Progress becomes an entry at most every PROGRESS_EVERY_MS; in between, the last value wins.

import { Progress } from '@biplane/protocol'

import type { Journal } from './journal.ts'
import { PROGRESS_EVERY_MS } from './limits.ts'
import type { Clock } from './ports.ts'

const MESSAGE_CHARS_MAX = 500

export class ProgressThrottle {
  readonly #clock: Clock
  readonly #journal: Journal
  readonly #onFailed: (error: unknown) => void
  #last: (Progress & { step?: string }) | null = null
  #cancel: (() => void) | null = null

  constructor(clock: Clock, journal: Journal, onFailed: (error: unknown) => void) {
    this.#clock = clock
    this.#journal = journal
    this.#onFailed = onFailed
  }

  report(progress: Progress, step?: string): void {
    this.#last = step === undefined ? { ...progress } : { ...progress, step }
    if (this.#cancel) return
    this.#write()
    this.#cancel = this.#clock.after(PROGRESS_EVERY_MS, () => {
      this.#cancel = null
      const last = this.#last
      if (last) this.report(last, last.step)
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#last = null
  }

  #write(): void {
    if (!this.#last) return
    const { message, step, ...figures } = this.#last
    this.#last = null
    const cut = typeof message === 'string' ? { message: message.slice(0, MESSAGE_CHARS_MAX) } : {}
    const parsed = Progress.safeParse({ ...figures, ...cut })
    // Progress is a courtesy: what is none, or too much, does not fail the step that meant it.
    if (!parsed.success || this.#journal.isFull) return
    const entry = this.#journal.entry('execution.progress', step === undefined ? parsed.data : { ...parsed.data, step })
    this.#journal.commit([entry]).catch(this.#onFailed)
  }
}

// The questions that an execution asks while it is followed, one after the other.

import { type Question, askForDecision } from './question.ts'
import type { Task } from '../command.ts'

const keyOf = (execution: string, ordinal: number): string => `${execution} ${ordinal}`

export class Questions {
  readonly #task: Task
  readonly #leave: (why?: unknown) => void
  readonly #open = new Map<string, AbortController>()
  #asking: Promise<void> = Promise.resolve()

  /** `leave` is called when the person leaves one for later, and with what went wrong if something did. */
  constructor(task: Task, leave: (why?: unknown) => void) {
    this.#task = task
    this.#leave = leave
  }

  ask(question: Question): void {
    const key = keyOf(question.execution_id, question.awaited.ordinal)
    if (this.#open.has(key)) return
    const withdrawn = new AbortController()
    this.#open.set(key, withdrawn)
    this.#asking = this.#asking.then(() => this.#askNow(question, withdrawn.signal))
  }

  /** It was decided, or its time is over. */
  withdraw(execution: string, ordinal: number): void {
    this.#open.get(keyOf(execution, ordinal))?.abort()
  }

  /** Takes back what is open. */
  async end(): Promise<void> {
    for (const withdrawn of this.#open.values()) withdrawn.abort()
    await this.#asking
  }

  /** Never rejects. */
  async #askNow(question: Question, withdrawn: AbortSignal): Promise<void> {
    if (withdrawn.aborted) return
    try {
      const isAnswered = await askForDecision(this.#task, question, withdrawn)
      if (!isAnswered) this.#leave()
    } catch (error) {
      this.#leave(error)
    }
  }
}

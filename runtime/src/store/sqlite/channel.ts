// The way to a thread: what is asked in one turn of the event loop goes out as one message, and answers come back in the order
// of the asking.

import type { Worker } from 'node:worker_threads'

import { Fifo } from './fifo.ts'
import { MESSAGE_REQUESTS_MAX } from './limits.ts'

interface Asked<Request> {
  request: Request
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

export class Channel<Request> {
  readonly #worker: Worker
  readonly #pack: (requests: Request[]) => unknown
  readonly #asked = new Fifo<Asked<Request>>()
  readonly #exit: Promise<void>
  #turn: Request[] = []
  #refusal: Error | null = null
  hasFailed = false

  constructor(worker: Worker, pack: (requests: Request[]) => unknown) {
    this.#worker = worker
    this.#pack = pack
    this.#exit = new Promise((resolve) => worker.once('exit', () => resolve()))
  }

  /** How many wait for an answer. */
  get waiting(): number {
    return this.#asked.length
  }

  ask(request: Request): Promise<unknown> {
    if (this.#refusal) return Promise.reject(this.#refusal)
    const gathered = this.#turn.push(request)
    if (gathered === 1) setImmediate(() => this.#send())
    else if (gathered === MESSAGE_REQUESTS_MAX) this.#send()
    return new Promise((resolve, reject) => this.#asked.push({ request, resolve, reject }))
  }

  /** Takes the one whose answer has come. */
  answered(): Asked<Request> {
    const asked = this.#asked.shift()
    if (!asked) throw new Error('An answer came that nobody asked for.')
    return asked
  }

  /** Nothing more is taken; what was asked still gets its answer. */
  refuse(error: Error): void {
    this.#refusal ??= error
  }

  /** Nothing more is taken, and what waits gets no answer: its outcome is unknown. Answers that still come are to be ignored. */
  fail(error: Error): void {
    this.#refusal = error
    this.hasFailed = true
    for (let asked = this.#asked.shift(); asked; asked = this.#asked.shift()) asked.reject(error)
  }

  /** Lets what was asked finish, and the thread go. */
  async close(): Promise<void> {
    this.#send()
    this.#worker.postMessage(null)
    await this.#exit
  }

  #send(): void {
    if (this.#turn.length === 0) return
    this.#worker.postMessage(this.#pack(this.#turn))
    this.#turn = []
  }
}

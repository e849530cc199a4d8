// The streams of one attempt of a step. Chunks gather for a moment and go out as one entry, so that a token costs no commit of its
// own; who writes faster than the log takes them is held back.

import type { StepStream } from '@biplane/realm'
import { jsonOf } from '@biplane/realm/json'
import type { Call } from '@biplane/realm/port'

import { callOf } from './entry.ts'
import type { Journal } from './journal.ts'
import { CHUNKS_AFTER_MS, CHUNK_CHARS_MAX } from './limits.ts'
import { tooLong } from './too-long.ts'
import type { Clock } from './ports.ts'

export class StepStreams {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #call: Call
  readonly #attempt: number
  readonly #streams = new Map<string, GatheringStream>()

  constructor(journal: Journal, clock: Clock, call: Call, attempt: number) {
    this.#journal = journal
    this.#clock = clock
    this.#call = callOf(call)
    this.#attempt = attempt
  }

  named(name: string): StepStream {
    const known = this.#streams.get(name)
    if (known) return known
    const send = async (index: number, chunks: readonly string[]) => {
      if (this.#journal.isFull) throw tooLong()
      const data = { ...this.#call, stream: name, attempt: this.#attempt, index, chunks: [] }
      const entry = this.#journal.entry('stream.chunk', data)
      await this.#journal.commit([{ ...entry, data: withChunks(entry.data, chunks) }])
    }
    const stream = new GatheringStream(name, this.#clock, send)
    this.#streams.set(name, stream)
    return stream
  }

  /** What was written goes out before the step's result does. Nothing may be written after. @throws TerminalError if it is too much */
  async end(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.end()))
  }
}

/** Chunks are JSON text already. */
const withChunks = (data: string, chunks: readonly string[]): string =>
  data.replace(/"chunks":\[\]\}$/, () => `"chunks":[${chunks.join(',')}]}`)

class GatheringStream implements StepStream {
  readonly #name: string
  readonly #clock: Clock
  readonly #send: (index: number, chunks: readonly string[]) => Promise<void>
  #chunks: string[] = []
  #chars = 0
  #index = 0
  #cancel: (() => void) | null = null
  #sent: Promise<void> = Promise.resolve()
  #ended = false

  constructor(name: string, clock: Clock, send: (index: number, chunks: readonly string[]) => Promise<void>) {
    this.#name = name
    this.#clock = clock
    this.#send = send
  }

  async write(chunk: unknown): Promise<void> {
    if (this.#ended) throw new Error(`Stream ${this.#name} has ended with its step.`)
    const text = jsonOf(chunk, `A chunk of stream ${this.#name}`, 'chunk', CHUNK_CHARS_MAX)
    this.#chars += text.length
    this.#chunks.push(text)
    if (this.#chars >= CHUNK_CHARS_MAX) return this.#flush()
    this.#cancel ??= this.#clock.after(CHUNKS_AFTER_MS, () => {
      // Whoever writes or ends next is told what went wrong.
      this.#flush().catch(() => {})
    })
  }

  end(): Promise<void> {
    this.#ended = true
    return this.#flush()
  }

  #flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    const [index, chunks] = [this.#index, this.#chunks]
    this.#index += chunks.length
    this.#chunks = []
    this.#chars = 0
    if (chunks.length > 0) this.#sent = this.#sent.then(() => this.#send(index, chunks))
    return this.#sent
  }
}

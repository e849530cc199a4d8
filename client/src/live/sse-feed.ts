// Where sockets cannot be opened, each log that is followed has a stream of server-sent events of its own.

import { offsetOf } from '@biplane/protocol'

import { type Backoff, backoffMs, pause } from '../backoff.ts'
import { BiplaneError } from '../error.ts'
import type { Log } from '../log.ts'
import { placeOf } from '../place.ts'
import { readSse } from '../stream.ts'
import type { Transport } from '../transport.ts'
import type { Feed, Listener } from './feed.ts'
import type { Surroundings } from '../surroundings.ts'

const RECONNECT: Backoff = { baseMs: 200, maxMs: 10_000 }
/** Between an answer that ended as planned and the next one. */
const PLANNED_MS = 100

export function sseFeed(transport: Transport, surroundings: Surroundings): Feed {
  const streams = new Set<Stream>()
  return {
    join(log, listener) {
      const stream = new Stream(transport, surroundings, JSON.parse(log) as Log, listener)
      streams.add(stream)
      void stream.run()
      return () => {
        streams.delete(stream)
        stream.end()
      }
    },
    wake: (change) => streams.forEach((stream) => stream.wake(change)),
    close: () => streams.forEach((stream) => stream.end()),
  }
}

class Stream {
  readonly #transport: Transport
  readonly #surroundings: Surroundings
  readonly #log: Log
  readonly #listener: Listener
  readonly #end = new AbortController()
  /** Ends what there is now, an answer or a pause. */
  #now = new AbortController()
  #isPausing = false

  constructor(transport: Transport, surroundings: Surroundings, log: Log, listener: Listener) {
    this.#transport = transport
    this.#surroundings = surroundings
    this.#log = log
    this.#listener = listener
  }

  end(): void {
    this.#end.abort()
    this.#now.abort()
  }

  wake(change: 'woke' | 'online' | 'seen'): void {
    if (this.#isPausing || change === 'woke') this.#now.abort()
  }

  async run(): Promise<void> {
    for (let failures = 0; !this.#end.signal.aborted;) {
      let delayMs = PLANNED_MS
      this.#now = new AbortController()
      try {
        if (await this.#read(() => (failures = 0))) return
      } catch (error) {
        if (this.#end.signal.aborted) return
        if (error instanceof BiplaneError && error.status < 500) return this.#listener.hear({ type: 'refused' })
        delayMs = this.#now.signal.aborted ? 0 : backoffMs(++failures, RECONNECT)
        const retryAt = this.#surroundings.now() + delayMs
        this.#listener.hear({ type: 'down', retryAt, reason: String(error) })
      }
      await this.#pause(delayMs)
    }
  }

  /** True if the session is closed. */
  async #read(onBatch: () => void): Promise<boolean> {
    let after = this.#listener.place()
    const position = { log: this.#log, offset: after === 0 ? '-1' : offsetOf(after), signal: this.#now.signal }
    const step = (offset: string) => {
      const from = after
      after = Math.max(after, placeOf(offset))
      return { after: from, place: placeOf(offset) }
    }
    for await (const { events, offset, upToDate, closed } of readSse(this.#transport, position)) {
      onBatch()
      for (const each of events) this.#listener.hear({ type: 'event', event: each.event, ...step(each.offset) })
      const at = step(offset ?? '-1')
      if (closed) this.#listener.hear({ type: 'closed', ...at })
      else if (upToDate) this.#listener.hear({ type: 'caught_up', ...at })
      if (closed) return true
    }
    return false
  }

  async #pause(ms: number): Promise<void> {
    if (this.#now.signal.aborted) this.#now = new AbortController()
    this.#isPausing = true
    await pause(ms, this.#now.signal).catch(() => {})
    this.#isPausing = false
  }
}

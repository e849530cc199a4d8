// What the main thread tells the watchdog's thread, in memory that both see: that the event loop turns, and which code of a realm
// was entered last. A message would not do: it leaves a thread only when that thread is not blocked.
//
// The name is guarded by a version, odd while it is being written; a reader that saw it change reads again. Nobody waits.

import type { Watch } from '../engine/ports.ts'

const HEADER_BYTES = 16
/** What of a name does not fit is cut off. */
const NAME_BYTES_MAX = 496
/** Places in the header. */
const BEATS = 0
const VERSION = 1
const LENGTH = 2
const IS_RUNNING = 3
/** A name that changed so often while it was read is given up. */
const READS_MAX = 100

export interface RealmCode {
  /** Such as `hello.greet step charge`. */
  name: string
  /** False: it has returned, but it may have gone on after an await. */
  isRunning: boolean
}

export class Pulse implements Watch {
  readonly memory: SharedArrayBuffer
  readonly #header: Int32Array
  readonly #name: Uint8Array
  readonly #encoder = new TextEncoder()

  /** Without `memory`, a new one, for the thread that is watched. */
  constructor(memory = new SharedArrayBuffer(HEADER_BYTES + NAME_BYTES_MAX)) {
    this.memory = memory
    this.#header = new Int32Array(memory, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT)
    this.#name = new Uint8Array(memory, HEADER_BYTES)
  }

  beat(): void {
    Atomics.add(this.#header, BEATS, 1)
  }

  /** Differs from what it was if the loop has turned since; wraps around. */
  get beats(): number {
    return Atomics.load(this.#header, BEATS)
  }

  /** Enters do not nest: the one before, if it has not left, is forgotten. */
  enter(what: string): void {
    Atomics.add(this.#header, VERSION, 1)
    const { written } = this.#encoder.encodeInto(what, this.#name)
    Atomics.store(this.#header, LENGTH, written)
    Atomics.store(this.#header, IS_RUNNING, 1)
    Atomics.add(this.#header, VERSION, 1)
  }

  /** What runs after an await in code that has returned a promise is not seen. */
  leave(): void {
    Atomics.store(this.#header, IS_RUNNING, 0)
  }

  /** The code that was entered last. Null if there was none yet, or if it changes faster than it can be read. */
  entered(): RealmCode | null {
    for (let reads = 0; reads < READS_MAX; reads++) {
      const version = Atomics.load(this.#header, VERSION)
      const isRunning = Atomics.load(this.#header, IS_RUNNING) === 1
      const name = Buffer.from(this.#name.slice(0, Atomics.load(this.#header, LENGTH))).toString()
      const isWhole = version % 2 === 0 && version === Atomics.load(this.#header, VERSION)
      if (isWhole) return version === 0 ? null : { name, isRunning }
    }
    return null
  }
}

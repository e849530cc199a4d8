// The full output of a plane, in a file of bounded size: when it is full it becomes `<name>.log.1`, in place of the one before.
// Written synchronously: the supervisor has nothing else to do, and what a plane said last is what is looked for.

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const LOG_MAX_BYTES = 10 * 1024 * 1024

export class LogFile {
  readonly path: string
  readonly #say: (line: string) => void
  readonly #maxBytes: number
  #file: number
  #size: number
  #failing = false

  constructor(path: string, say: (line: string) => void, maxBytes = LOG_MAX_BYTES) {
    mkdirSync(dirname(path), { recursive: true })
    this.path = path
    this.#say = say
    this.#maxBytes = maxBytes
    this.#file = openSync(path, 'a')
    this.#size = fstatSync(this.#file).size
  }

  /** A full disk must not take down what goes on running: it is said once, and writing is tried again with the next chunk. */
  write(chunk: Uint8Array): void {
    try {
      if (this.#size > 0 && this.#size + chunk.length > this.#maxBytes) this.#startOver()
      writeSync(this.#file, chunk)
      this.#size += chunk.length
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#say(`Cannot write ${this.path}: ${(error as Error).message}. Output is lost meanwhile.`)
      this.#failing = true
    }
  }

  close(): void {
    closeSync(this.#file)
  }

  #startOver(): void {
    renameSync(this.path, `${this.path}.1`)
    closeSync(this.#file)
    this.#file = openSync(this.path, 'a')
    this.#size = 0
  }
}

// Watches the disk, so that new work is refused before the disk is full and what was accepted can end.

import { statfsSync } from 'node:fs'

import { SPACE_CHECK_CHARS } from './limits.ts'

export class FreeSpace {
  readonly #folder: string
  readonly #reserveBytes: number
  #unseen = 0
  isLow: boolean

  constructor(folder: string, reserveBytes: number) {
    this.#folder = folder
    this.#reserveBytes = reserveBytes
    this.isLow = this.#look()
  }

  /** Notes what was written, and looks again now and then. */
  wrote(chars: number): void {
    this.#unseen += chars
    if (this.#unseen >= SPACE_CHECK_CHARS) this.check()
  }

  check(): void {
    this.#unseen = 0
    this.isLow = this.#look()
  }

  #look(): boolean {
    const { bavail, bsize } = statfsSync(this.#folder)
    return bavail * bsize < this.#reserveBytes
  }
}

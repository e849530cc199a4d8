// One file on its way through a socket: what has come of it, and whether that is what its sender said.

import { PassThrough } from 'node:stream'

import { ProblemError } from '@biplane/protocol'

import type { SocketLimits } from './limits.ts'

export class IncomingUpload {
  /** For who takes it on. If it is broken off, reading it fails with why. */
  readonly bytes: PassThrough
  readonly #declared: number | undefined
  readonly #idle: NodeJS.Timeout
  #received = 0

  /** `declared`: how many bytes are to come, if that is known. */
  constructor(declared: number | undefined, { uploadBytesAhead, uploadIdleMs }: SocketLimits) {
    this.#declared = declared
    this.bytes = new PassThrough({ highWaterMark: uploadBytesAhead })
    this.#idle = setTimeout(() => this.breakOff(`Nothing moved for ${uploadIdleMs / 1000} s.`), uploadIdleMs)
    this.bytes.on('close', () => clearTimeout(this.#idle))
    // Told by who reads it.
    this.bytes.on('error', () => {})
  }

  /** False if no more should come for now. @throws ProblemError upload_invalid */
  take(chunk: Buffer): boolean {
    if (this.bytes.destroyed) return true
    if (this.bytes.writableEnded) throw new ProblemError('upload_invalid', 'The upload has ended already.')
    this.#idle.refresh()
    this.#received += chunk.length
    if (this.#declared === undefined || this.#received <= this.#declared) return this.bytes.write(chunk)
    this.breakOff(`More came than the ${this.#declared} bytes that were said.`)
    return true
  }

  finish(): void {
    if (this.#declared === undefined || this.#declared === this.#received) this.bytes.end()
    else this.breakOff(`${this.#received} bytes came of the ${this.#declared} that were said.`)
  }

  breakOff(detail: string): void {
    this.bytes.destroy(new ProblemError('upload_incomplete', detail))
  }
}

// What leaves by one socket. A reader that is slow is waited for: what can wait is held back while too much is unsent, and those
// who follow a log read no further meanwhile. A reader that takes nothing any more is closed with 1013, and resumes by its offsets.

import type { WebSocket } from 'ws'

import { CLOSE, type EndSocket, type SocketLimits } from './limits.ts'

interface Held {
  text: string
  bytes: number
}

interface Waiting extends Held {
  isWanted(): boolean
  left(): void
}

export class Outbox {
  readonly #socket: WebSocket
  readonly #limits: SocketLimits
  readonly #end: EndSocket
  readonly #waiting: Waiting[] = []
  /** Of all that was accepted and has not left. */
  #heldBytes = 0
  /** Of these, what the socket has. */
  #unsentBytes = 0
  #stall: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, limits: SocketLimits, end: EndSocket) {
    this.#socket = socket
    this.#limits = limits
    this.#end = end
    socket.on('close', () => {
      clearTimeout(this.#stall)
      for (const { left } of this.#waiting.splice(0)) left()
    })
  }

  /** At once, whatever waits: for what is small. */
  post(message: object): void {
    const held = this.#hold(message)
    if (held !== null) this.#send(held)
  }

  /**
   * When there is room, in the order it was asked. Resolves when it has left, or was dropped: because the socket is closed, or
   * because it was no longer wanted when its turn came.
   */
  deliver(message: object, isWanted: () => boolean = () => true): Promise<void> {
    const held = this.#hold(message)
    if (held === null) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push({ ...held, isWanted, left: resolve })
      this.#sendWaiting()
    })
  }

  #hold(message: object): Held | null {
    if (this.#socket.readyState !== this.#socket.OPEN) return null
    const text = JSON.stringify(message)
    const bytes = Buffer.byteLength(text)
    if (this.#heldBytes + bytes > this.#limits.heldBytesMax) {
      this.#giveUp()
      return null
    }
    this.#heldBytes += bytes
    return { text, bytes }
  }

  #send({ text, bytes }: Held): void {
    this.#unsentBytes += bytes
    this.#stall ??= setTimeout(() => this.#giveUp(), this.#limits.stallMs).unref()
    this.#socket.send(text, () => this.#taken(bytes))
  }

  #taken(bytes: number): void {
    this.#unsentBytes -= bytes
    this.#heldBytes -= bytes
    if (this.#unsentBytes > 0) this.#stall?.refresh()
    else {
      clearTimeout(this.#stall)
      this.#stall = undefined
    }
    this.#sendWaiting()
  }

  #sendWaiting(): void {
    while (this.#unsentBytes <= this.#limits.unsentBytesPause) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      if (next.isWanted() && this.#socket.readyState === this.#socket.OPEN) this.#send(next)
      else this.#heldBytes -= next.bytes
      next.left()
    }
  }

  #giveUp(): void {
    this.#end(CLOSE.behind, 'the reader is behind')
  }
}

// What leaves by one socket. A reader that is slow is waited for: what can wait is held back while too much is unsent, and those
// who follow a log read no further meanwhile. A reader that takes nothing any more is closed with 1013, and resumes by its offsets.

import type { WebSocket } from 'ws'

import { CLOSE, type EndSocket, type SocketLimits } from './limits.ts'

interface Held {
  /** Of a text message. */
  content: Buffer
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
  #patienceMs = 0
  #wantsRoom = false
  #roomAgain = () => {}

  constructor(socket: WebSocket, limits: SocketLimits, end: EndSocket) {
    this.#socket = socket
    this.#limits = limits
    this.#end = end
    socket.on('close', () => {
      clearTimeout(this.#stall)
      for (const { left } of this.#waiting.splice(0)) left()
    })
  }

  /** Whether a follower may `pass` on what is next; if not, `roomAgain` is called when it may. */
  hasRoom(): boolean {
    const isOpen = this.#socket.readyState === this.#socket.OPEN
    const hasRoom = isOpen && this.#waiting.length === 0 && this.#unsentBytes <= this.#limits.unsentBytesPause
    this.#wantsRoom ||= !hasRoom
    return hasRoom
  }

  onRoom(roomAgain: () => void): void {
    this.#roomAgain = roomAgain
  }

  /** At once: for who has asked whether there is room. */
  pass(content: Buffer): void {
    if (this.#hold(content)) this.#send({ content })
  }

  /** At once, whatever waits: for what is small. */
  post(message: object): void {
    this.pass(encoded(message))
  }

  /**
   * When there is room, in the order it was asked. Resolves when it has left, or was dropped: because the socket is closed, or
   * because it was no longer wanted when its turn came.
   */
  deliver(message: object, isWanted: () => boolean = () => true): Promise<void> {
    const content = encoded(message)
    if (!this.#hold(content)) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push({ content, isWanted, left: resolve })
      this.#sendWaiting()
    })
  }

  #hold({ length }: Buffer): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    if (this.#heldBytes + length > this.#limits.heldBytesMax) {
      this.#giveUp()
      return false
    }
    this.#heldBytes += length
    if (this.#unsentBytes > 0) this.#watch(false)
    return true
  }

  #send({ content }: Held): void {
    this.#unsentBytes += content.length
    this.#watch(false)
    this.#socket.send(content, TEXT, () => this.#taken(content.length))
  }

  #taken(bytes: number): void {
    this.#unsentBytes -= bytes
    this.#heldBytes -= bytes
    this.#watch(true)
    this.#sendWaiting()
  }

  /** Whether the reader takes anything, while there is something for it to take. */
  #watch(hasTaken: boolean): void {
    const { stallMs, stuckMs, heldBytesStuck } = this.#limits
    const patienceMs = this.#heldBytes > heldBytesStuck ? Math.min(stuckMs, stallMs) : stallMs
    if (this.#stall !== undefined && this.#unsentBytes > 0 && patienceMs === this.#patienceMs) {
      if (hasTaken) this.#stall.refresh()
      return
    }
    clearTimeout(this.#stall)
    this.#patienceMs = patienceMs
    this.#stall = this.#unsentBytes === 0 ? undefined : setTimeout(() => this.#giveUp(), patienceMs).unref()
  }

  #sendWaiting(): void {
    while (this.#unsentBytes <= this.#limits.unsentBytesPause) {
      const next = this.#waiting.shift()
      if (next === undefined) return this.#tellOfRoom()
      if (next.isWanted() && this.#socket.readyState === this.#socket.OPEN) this.#send(next)
      else this.#heldBytes -= next.content.length
      next.left()
    }
  }

  #tellOfRoom(): void {
    if (!this.#wantsRoom) return
    this.#wantsRoom = false
    this.#roomAgain()
  }

  #giveUp(): void {
    this.#end(CLOSE.behind, 'the reader is behind')
  }
}

const TEXT = { binary: false }
const encoded = (message: object): Buffer => Buffer.from(JSON.stringify(message))

// The bounds of one socket (docs/protocol.md §10). A test narrows them; nothing else does.

import { MAX_BODY_BYTES } from '@biplane/protocol'

export interface SocketLimits {
  /** Of one message, text or binary. A longer one closes the socket with 1009. */
  messageBytesMax: number
  /** Pieces that one message may come in. More close the socket with 1008. */
  fragmentsMax: number
  /** Pieces of the network that wait for the rest of their frame. More close the socket with 1008. */
  piecesMax: number
  /** Messages: so many a second, and so many at once after a pause. Beyond, they are refused; twice as far, the socket is closed. */
  messagesPerSecond: number
  messagesBurst: number
  /** Requests that are not yet answered, those that wait for an end included. */
  requestsMax: number
  subscriptionsMax: number
  uploadsMax: number
  /** Of one upload, on its way to the runtime. With more, the socket is not read. */
  uploadBytesAhead: number
  /** An upload that has not moved for so long is broken off. */
  uploadIdleMs: number
  /** While the socket holds more unsent bytes, what can wait does: events, answers. */
  unsentBytesPause: number
  /** What waits counts too: with more, a reader that takes nothing for `stuckMs` is behind. */
  heldBytesStuck: number
  stuckMs: number
  /** With more, the reader is behind, however it goes on. */
  heldBytesMax: number
  /** A reader that takes nothing for so long is behind, however little it is. */
  stallMs: number
  pingEveryMs: number
  /** A socket that asks, follows and uploads nothing for so long is closed. */
  idleMs: number
  /** To show a token, at the beginning and when the last one has expired. */
  authenticateMs: number
}

export const LIMITS: SocketLimits = {
  messageBytesMax: MAX_BODY_BYTES,
  fragmentsMax: 256,
  piecesMax: 4_096,
  messagesPerSecond: 200,
  messagesBurst: 400,
  requestsMax: 64,
  subscriptionsMax: 100,
  uploadsMax: 8,
  uploadBytesAhead: 1024 * 1024,
  uploadIdleMs: 60_000,
  unsentBytesPause: 256 * 1024,
  heldBytesStuck: 1024 * 1024,
  stuckMs: 5_000,
  // Above the largest answer of a query, so that a reader who keeps up may ask for two of them.
  heldBytesMax: 20 * 1024 * 1024,
  stallMs: 30_000,
  pingEveryMs: 30_000,
  idleMs: 15 * 60_000,
  authenticateMs: 10_000,
}

/** Ends a socket and all that it has under way. */
export type EndSocket = (code: number, reason: string) => void

/** Why a socket is closed, beside what the protocol of WebSockets says itself. */
export const CLOSE = { idle: 1000, stopping: 1001, tooManyMessages: 1008, behind: 1013 } as const

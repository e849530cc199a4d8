// The pace of a socket: nothing more is read for one that holds much unsent, and one that takes nothing any more is closed.

import type { WebSocket } from 'ws'

import type { Clock } from '../engine/ports.ts'

/** With more unsent a socket is given nothing more: it holds this and one event. */
const UNSENT_BYTES_PAUSE = 256 * 1024
const LOOK_EVERY_MS = 20
/** A socket that takes nothing for so long is behind: it is closed with 1013 and resumes by its offsets. */
const STALL_MS = 30_000
/** It may take the news of that; then it is cut off. */
const GOODBYE_MS = 2_000
const TRY_AGAIN_LATER = 1013

/** Whether it holds so much that it is given nothing more. */
export const isFull = (socket: WebSocket): boolean => socket.bufferedAmount > UNSENT_BYTES_PAUSE

/** Waits while the socket has much unsent. @returns when it has little, or was closed for having stalled */
export async function untilSent(socket: WebSocket, clock: Clock, signal: AbortSignal): Promise<void> {
  let unsent = socket.bufferedAmount
  let moved = clock.now()
  while (isFull(socket) && !signal.aborted) {
    if (socket.bufferedAmount < unsent) moved = clock.now()
    else if (clock.now() - moved > STALL_MS) return giveUp(socket, clock)
    unsent = socket.bufferedAmount
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
  }
}

function giveUp(socket: WebSocket, clock: Clock): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(TRY_AGAIN_LATER, 'the reader is behind')
  const cancel = clock.after(GOODBYE_MS, () => socket.terminate())
  socket.once('close', cancel)
}

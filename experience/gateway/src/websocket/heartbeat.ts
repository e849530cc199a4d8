// Whether anybody is still there. Pings tell of a peer that is gone without a word; a browser cannot ping, so it sends a message
// of that type and learns the same of the gateway.

import { CLOSE } from './limits.ts'
import type { Line } from './line.ts'

export interface Heartbeat {
  /** Something was asked. */
  asked(): void
}

/** `isBusy`: something is under way, so that a peer who asks nothing is not idle. */
export function keepAlive({ socket, limits, end }: Line, isBusy: () => boolean): Heartbeat {
  let isAlive = true
  let lastAsked = performance.now()
  const beat = setInterval(() => {
    // A socket that is not read at the moment hears no answer either.
    if (!isAlive && !socket.isPaused) return socket.terminate()
    if (!isBusy() && performance.now() - lastAsked > limits.idleMs) return end(CLOSE.idle, 'idle')
    isAlive = false
    socket.ping()
  }, limits.pingEveryMs)
  socket.on('pong', () => (isAlive = true))
  socket.on('close', () => clearInterval(beat))
  return {
    asked() {
      isAlive = true
      lastAsked = performance.now()
    },
  }
}

// The lines of one tab: one socket for all that is followed, and server-sent events where that cannot be had, such as behind a proxy
// that knows no sockets.

import type { Transport } from '../transport.ts'
import type { Feed, Listener } from './feed.ts'
import { SocketFeed } from './socket-feed.ts'
import { sseFeed } from './sse-feed.ts'
import type { Surroundings } from '../surroundings.ts'

const SOCKET_AGAIN_MS = 300_000

interface Joined {
  listener: Listener
  leave: () => void
}

export function lineFeed(transport: Transport, surroundings: Surroundings): Feed {
  const joined = new Map<string, Joined>()
  let again: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  const { openSocket } = surroundings
  const byEvents = (): Feed => sseFeed(transport, surroundings)
  const bySocket = (): Feed =>
    openSocket === null ? byEvents() : new SocketFeed(transport.access, surroundings, openSocket, onHopeless)
  let feed = bySocket()

  function onHopeless(): void {
    if (isClosed) return
    change(byEvents())
    again = setTimeout(() => change(bySocket()), SOCKET_AGAIN_MS)
    // It keeps no program alive.
    ;(again as { unref?: () => void }).unref?.()
  }

  function change(next: Feed): void {
    feed.close()
    feed = next
    for (const [log, each] of joined) each.leave = feed.join(log, each.listener)
  }

  return {
    join(log, listener) {
      const each: Joined = { listener, leave: feed.join(log, listener) }
      joined.set(log, each)
      return () => {
        if (joined.get(log) === each) joined.delete(log)
        each.leave()
      }
    },
    wake: (change_) => feed.wake(change_),
    close() {
      isClosed = true
      clearTimeout(again)
      feed.close()
    },
  }
}

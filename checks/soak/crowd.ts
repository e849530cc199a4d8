// Who subscribes: most by server-sent events and by WebSocket, some as applications do, some slow, some that stand still.

import { clientLine } from './client-line.ts'
import type { Records } from './record.ts'
import { socketLine } from './socket-line.ts'
import { sseLine } from './sse-line.ts'
import { type Manner, Subscriber } from './subscriber.ts'

/** Of a hundred connections so many are sockets, each for several sessions, and so many the client's, half of them polling. */
const BY_SOCKET = 10
const BY_CLIENT = 6
const SLOW = 5
const SESSIONS_PER_SOCKET = 4
const STUCK_PER_LOUD = 3

/** `count`: streams that are followed; connections are fewer. `breaksAfterMs`: on average, of each connection. */
export function gather(
  gateway: string,
  quiet: readonly string[],
  loud: readonly string[],
  options: { count: number; breaksAfterMs: number; comeBackMsMax: number },
  records: Records,
  chance: () => number,
): Subscriber[] {
  const { count, ...pace } = options
  const lines = { sse: sseLine(gateway), socket: socketLine(gateway) }
  const clients = { sse: clientLine(gateway, 'sse'), poll: clientLine(gateway, 'long-poll') }
  const breaking: Manner = { ...pace, isSlow: false, isStuck: false }
  const steady: Manner = { ...breaking, breaksAfterMs: Infinity }
  const subscribers: Subscriber[] = []
  const add = (name: string, sessions: string[], line: (typeof lines)['sse'], manner: Manner) => {
    subscribers.push(new Subscriber(`${name} ${subscribers.length}`, sessions, line, manner, records, chance))
    return sessions.length
  }
  const sessionsFrom = (at: number, many: number) =>
    Array.from({ length: many }, (_, i) => quiet[(at + i) % quiet.length]!)

  for (const session of loud) {
    for (let i = 0; i < STUCK_PER_LOUD; i++) add('stuck', [session], lines.sse, { ...steady, isStuck: true })
    add('beside the stuck', [session], lines.sse, steady)
  }
  const addOne = () => {
    const kind = chance() * 100
    const at = Math.floor(chance() * quiet.length)
    if (kind < BY_SOCKET) return add('socket', sessionsFrom(at, SESSIONS_PER_SOCKET), lines.socket, breaking)
    const [session] = sessionsFrom(at, 1)
    if (kind > BY_SOCKET + BY_CLIENT) {
      return add('sse', [session!], lines.sse, { ...breaking, isSlow: chance() * 100 < SLOW })
    }
    return add('client', [session!], chance() < 0.5 ? clients.sse : clients.poll, breaking)
  }
  for (let streams = 0; streams < count;) streams += addOne()
  return subscribers
}

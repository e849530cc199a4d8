// What was opened by a credential does not outlive it: streams and sockets are ended within half a second of its end, or of its
// being revoked.

import type { Duplex, Readable } from 'node:stream'

import type { Caller } from './caller.ts'

const LOOK_EVERY_MS = 500

/** Calls `end` once what the caller has shown holds no more. Answers how to stop looking. */
export type WhileHolds = (caller: Pick<Caller, 'holds'>, end: () => void) => () => void

export function createCredentialWatch(): WhileHolds {
  const watched = new Set<{ caller: Pick<Caller, 'holds'>; end: () => void }>()
  let timer: NodeJS.Timeout | undefined

  async function lookAll(): Promise<void> {
    for (const one of watched) {
      // Keys that cannot be read at the moment say nothing of a key: what is open stays open until they can.
      const holds = await one.caller.holds().catch(() => true)
      if (!holds && watched.delete(one)) one.end()
    }
  }

  return (caller, end) => {
    const one = { caller, end }
    watched.add(one)
    timer ??= setInterval(() => void lookAll(), LOOK_EVERY_MS).unref()
    return () => {
      watched.delete(one)
      if (watched.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** Ends a stream in this way, unless it has ended already. */
export function endWith(whileHolds: WhileHolds, caller: Caller, stream: Readable | Duplex): void {
  if (!stream.closed)
    stream.once(
      'close',
      whileHolds(caller, () => stream.destroy()),
    )
}

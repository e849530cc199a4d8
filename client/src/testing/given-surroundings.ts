// Surroundings of which a test says what happens; sockets and what tabs share are the real ones.

import { type Change, type SocketEars, type Surroundings, surroundingsHere } from '../surroundings.ts'

export interface GivenSurroundings extends Surroundings {
  change(change: Change): void
  /** Sockets that were ever opened. */
  opened(): number
  /** Sockets that there are. */
  open(): number
  /** All that was sent on them. */
  sent: { type: string; session_id?: string; token?: string }[]
  /** From now on nothing is heard on the sockets that there are, as after a sleep. */
  deafen(): void
}

export function givenSurroundings(more: Partial<Surroundings> = {}): GivenSurroundings {
  const here = surroundingsHere()
  const ears = new Set<(change: Change) => void>()
  const sent: GivenSurroundings['sent'] = []
  let opened = 0
  let open = 0
  let deafUpTo = 0
  return {
    ...here,
    onChange(hear) {
      ears.add(hear)
      return () => ears.delete(hear)
    },
    openSocket(url, told) {
      const number = ++opened
      open++
      const unlessDeaf = (tell: () => void) => number > deafUpTo && tell()
      const heard: SocketEars = {
        opened: () => told.opened(),
        said: (text) => unlessDeaf(() => told.said(text)),
        closed: (code) => {
          open--
          unlessDeaf(() => told.closed(code))
        },
      }
      const socket = here.openSocket?.(url, heard)
      return {
        send(text) {
          sent.push(JSON.parse(text) as GivenSurroundings['sent'][number])
          socket?.send(text)
        },
        close: () => socket?.close(),
      }
    },
    ...more,
    change: (change) => ears.forEach((hear) => hear(change)),
    opened: () => opened,
    open: () => open,
    sent,
    deafen: () => void (deafUpTo = opened),
  }
}

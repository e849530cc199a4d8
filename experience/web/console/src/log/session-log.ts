// The log of a session as it grows, for whoever looks at it: read from its start, then followed. Events come one by one and are told
// together, some times a second. The client's own store keeps the last of a whole session; of one execution in a busy session those
// would be few, so here is kept what was asked for. This is the one place of Console that follows.

import { BiplaneError, type Client, type FollowStatus } from '@biplane/client'
import type { Event } from '@biplane/protocol'

import type { Line } from '../../../ui/line/line-state.ts'
import { lineOf } from '../../../ui/line/line-of.ts'

export interface LogView {
  /** Those that were asked for, oldest first. */
  events: readonly Event[]
  line: Line
  /** All that there was has come. */
  isCaughtUp: boolean
  /** Events at the start that are not held any more. */
  dropped: number
  /** It cannot be followed at all. */
  error: Error | null
}

export interface SessionLog {
  subscribe(tell: () => void): () => void
  view(): LogView
}

/** More are not held; the oldest go. */
const EVENTS_MAX = 20_000
const TELL_EVERY_MS = 200

const NOTHING: LogView = { events: [], line: { status: 'connecting' }, isCaughtUp: false, dropped: 0, error: null }

/** `isWanted`: which events are kept; the others are looked through. Follows while somebody listens. */
export function openLog(client: Client, sessionId: string, isWanted: (event: Event) => boolean): SessionLog {
  let view = NOTHING
  let coming: Event[] = []
  let offset = '-1'
  let telling: ReturnType<typeof setTimeout> | undefined
  let leaving: AbortController | null = null
  const listeners = new Set<() => void>()

  const change = (changed: Partial<LogView>) => {
    view = { ...view, ...changed }
    listeners.forEach((tell) => tell())
  }
  const flush = (changed: Partial<LogView> = {}) => {
    clearTimeout(telling)
    telling = undefined
    const all = coming.length === 0 ? view.events : [...view.events, ...coming]
    coming = []
    const tooMany = Math.max(0, all.length - EVENTS_MAX)
    change({ events: tooMany > 0 ? all.slice(tooMany) : all, dropped: view.dropped + tooMany, ...changed })
  }
  const follow = async (signal: AbortSignal) => {
    const onStatus = (status: FollowStatus) => change({ line: lineOf(status) })
    const onCaughtUp = () => flush({ isCaughtUp: true })
    for await (const followed of client.follow(sessionId, { offset, signal, onStatus, onCaughtUp })) {
      offset = followed.offset
      if (!isWanted(followed.event)) continue
      coming.push(followed.event)
      telling ??= setTimeout(flush, TELL_EVERY_MS)
    }
    flush({ isCaughtUp: true })
  }

  function begin(): void {
    const mine = new AbortController()
    leaving = mine
    follow(mine.signal).catch((error: unknown) => {
      if (mine.signal.aborted) return
      flush({ line: { status: 'ended' }, error: error instanceof BiplaneError ? error : new Error(String(error)) })
    })
  }

  return {
    view: () => view,
    subscribe(tell) {
      if (listeners.size === 0 && view.line.status !== 'ended') begin()
      listeners.add(tell)
      return () => {
        listeners.delete(tell)
        if (listeners.size > 0) return
        leaving?.abort()
        flush()
      }
    },
  }
}

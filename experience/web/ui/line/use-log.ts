// What is in a session's log, as it grows: for pages, which are made of it. How the line is shows at the bottom of the page.

import type { FollowStatus, Store, Watched } from '@biplane/client'
import type { Event } from '@biplane/protocol'
import { useMemo, useSyncExternalStore } from 'react'

import { useBiplane } from '../connect/biplane.tsx'
import { lineOf } from './line-of.ts'
import { useReportLine } from './line-store.ts'

export interface Log {
  /** In order; of a very long log the last ones (docs/client.md). */
  events: readonly Event[]
  /** All that there was when the page was opened has come. */
  isCaughtUp: boolean
  /** Why nothing comes any more; null if that is not so, or the session is closed. */
  error: Error | null
}

type LogStore = Store<Watched<readonly Event[]>>

const NOTHING: Watched<readonly Event[]> = { status: 'connecting', value: [] }
const NO_LOG: LogStore = { subscribe: () => () => undefined, getSnapshot: () => NOTHING }
const CAUGHT_UP: readonly FollowStatus['status'][] = ['live', 'gap', 'denied', 'closed']

/** Follows a session; null follows nothing. */
export function useLog(sessionId: string | null): Log {
  const { client } = useBiplane()
  const store: LogStore = useMemo(() => (sessionId === null ? NO_LOG : client.watch(sessionId)), [client, sessionId])
  const log = useSyncExternalStore(store.subscribe, store.getSnapshot)
  useReportLine(sessionId === null ? null : lineOf(log))
  const error = log.status === 'reconnecting' ? null : (log.error ?? null)
  return { events: log.value, isCaughtUp: CAUGHT_UP.includes(log.status), error }
}

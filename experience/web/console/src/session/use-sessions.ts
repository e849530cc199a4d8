// The sessions as they change: pages that are read once the tenant's events are followed, and what those make of them.

import type { FollowStatus } from '@biplane/client'
import type { Session } from '@biplane/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState, useSyncExternalStore } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { lineOf } from '../../../ui/line/line-of.ts'
import { useReportLine } from '../../../ui/line/line-store.ts'
import { useAskAgain } from '../execution/use-execution.ts'
import { sessionsAfter } from './sessions-after.ts'

const PAGE_ROWS = 50
/** Where the events cannot be followed (any more). */
const ASK_EVERY_MS = 5_000
const CANNOT: readonly FollowStatus['status'][] = ['gap', 'denied']

export interface Sessions {
  /** Null until the first page has come. */
  sessions: readonly Session[] | null
  error: Error | null
  retry: () => unknown
  hasOlder: boolean
  isLoadingOlder: boolean
  loadOlder: () => void
}

export function useSessions(): Sessions {
  const { client, tenantId } = useBiplane()
  const store = useMemo(() => client.watchTenant({ filter: { kind: ['session'] } }), [client])
  const log = useSyncExternalStore(store.subscribe, store.getSnapshot)
  useReportLine(lineOf(log))
  const cannotFollow = CANNOT.includes(log.status)
  const { data, error, refetch, isFetching, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['sessions', tenantId],
    queryFn: ({ pageParam, signal }) =>
      client.sessions({ limit: PAGE_ROWS, ...(pageParam !== null && { after: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: cannotFollow ? ASK_EVERY_MS : false,
  })
  // What was made before it was followed may be on no page that was read before that.
  const [isFollowed, setFollowed] = useState(false)
  if (log.status === 'live' && !isFollowed) setFollowed(true)
  useAskAgain(isFollowed, isFetching, refetch)
  const pages = data?.pages
  const sessions = useMemo(
    () =>
      pages === undefined
        ? null
        : sessionsAfter(
            pages.flatMap(({ items }) => items),
            log.value,
          ),
    [pages, log.value],
  )
  const loadOlder = () => void fetchNextPage().catch(reportError)
  return { sessions, error, retry: refetch, hasOlder: hasNextPage, isLoadingOlder: isFetchingNextPage, loadOlder }
}

// The list as it changes: its newest page is asked for again every second, and so are the rows in view if they are older. What comes is
// put together before anything is drawn, so a thousand events a second are one change a second.

import type { Client } from '@biplane/client'
import { isFinal } from '@biplane/protocol'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { type Filter, asked } from './filter.ts'
import { type Rows, isFull, placeOf, withNewest, withOlder, withPart } from './rows.ts'

const ASK_EVERY_MS = 1_000
const NEWEST_ROWS = 100
const OLDER_ROWS = 200

export interface Executions {
  /** Null until the first page has come. */
  rows: Rows | null
  error: Error | null
  retry: () => unknown
  isLoadingOlder: boolean
  loadOlder: () => void
  /** Tells which rows are in view, so that those are kept as they are now. */
  look: (first: number, last: number) => void
}

export function useExecutions(filter: Filter): Executions {
  const { client, tenantId } = useBiplane()
  const queries = useQueryClient()
  const view = useRef({ first: 0, last: 0 })
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const queryKey = ['executions', tenantId, filter]
  const known = () => queries.getQueryData<Rows>(queryKey) ?? null
  const { data, error, refetch } = useQuery({
    queryKey,
    refetchInterval: ASK_EVERY_MS,
    queryFn: async ({ signal }) => {
      const newest = await client.executions({ ...asked(filter), limit: NEWEST_ROWS, signal })
      const part = await partInView(client, filter, known(), view.current, signal)
      const rows = withNewest(known(), newest)
      return part === null ? rows : withPart(rows, part.place, part.page)
    },
    structuralSharing: false,
  })
  const loadOlder = () => {
    const rows = known()
    if (rows === null || rows.older === null || isLoadingOlder || isFull(rows)) return
    setLoadingOlder(true)
    client
      .executions({ ...asked(filter), after: rows.older, limit: OLDER_ROWS })
      .then((page) => queries.setQueryData<Rows>(queryKey, (now) => withOlder(now ?? rows, page)))
      .catch(() => refetch())
      .finally(() => setLoadingOlder(false))
      .catch(reportError)
  }
  const look = useCallback((first: number, last: number) => void (view.current = { first, last }), [])
  return { rows: data ?? null, error, retry: refetch, isLoadingOlder, loadOlder, look }
}

/** Null if the newest page tells of all that is in view, or what is in view has ended. */
async function partInView(
  client: Client,
  filter: Filter,
  rows: Rows | null,
  { first, last }: { first: number; last: number },
  signal: AbortSignal,
) {
  if (rows === null || rows.items.slice(first, last + 1).every(({ status }) => isFinal(status))) return null
  const place = placeOf(rows, first) ?? placeOf(rows, last)
  if (place === null) return null
  return { place, page: await client.executions({ ...asked(filter), after: place.after, limit: OLDER_ROWS, signal }) }
}

// The list of this page, as it changes. How its line is shows at the bottom of the page.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useReportLine } from '../../../ui/line/line-store.ts'
import type { Filter } from './filter.ts'
import { type ListView, LiveList } from './live-list.ts'
import type { Rows } from './rows.ts'

export interface Executions extends Omit<ListView, 'line'> {
  retry: () => void
  loadOlder: () => void
}

export function useExecutions({ status, type, session }: Filter): Executions {
  const { client, tenantId } = useBiplane()
  const queries = useQueryClient()
  // What was seen last is there at once for who comes back.
  const key = useMemo(() => ['executions', tenantId, status, type, session], [tenantId, status, type, session])
  const list = useMemo(() => {
    const filter = { ...(status && { status }), ...(type && { type }), ...(session && { session }) }
    return new LiveList(client, tenantId, filter, queries.getQueryData<Rows>(key) ?? null)
  }, [client, queries, key, tenantId, status, type, session])
  useEffect(() => () => void queries.setQueryData(key, list.view().rows ?? undefined), [queries, key, list])
  const { line, ...view } = useSyncExternalStore(list.subscribe, list.view)
  useReportLine(view.error === null ? line : { status: 'reconnecting' })
  return { ...view, retry: list.readAgain, loadOlder: list.loadOlder }
}

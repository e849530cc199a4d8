// This tab's work, with what its session's log says became of it.

import type { Client } from '@biplane/client'
import { useMemo, useSyncExternalStore } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useLog } from '../../../ui/line/use-log.ts'
import { type Run, runsOf } from '../run/run.ts'
import type { Kept, Work } from './kept-work.ts'
import { WorkStore } from './work-store.ts'

const stores = new WeakMap<Client, WorkStore>()

export function useWorkStore(): WorkStore {
  const { client, tenantId } = useBiplane()
  return useMemo(() => {
    const store = stores.get(client) ?? new WorkStore(client, tenantId)
    stores.set(client, store)
    return store
  }, [client, tenantId])
}

export interface WorkDone {
  work: Work
  /** Null before its first event has come. */
  run: Run | null
}

export function useWork(): { kept: Kept; all: readonly WorkDone[]; logError: Error | null } {
  const store = useWorkStore()
  const kept = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const { events, error } = useLog(kept.items.length === 0 ? null : kept.sessionId)
  const byIntent = useMemo(
    () => new Map([...runsOf(events).values()].map((run) => [run.execution.intent_id as string, run])),
    [events],
  )
  const all = kept.items.map((work) => ({ work, run: byIntent.get(work.intentId) ?? null }))
  return { kept, all, logError: error }
}

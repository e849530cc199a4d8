// Executions that a person must look at, told as they stop: for `biplane-runtime dev`, of every tenant. Read from the store, because
// the wire answers about one tenant at a time.

import type { Status, TenantId } from '@biplane/protocol'

import type { Clock } from '../engine/ports.ts'
import { executionView } from '../http/routes/execution-view.ts'
import type { ExecutionRow, Store } from '../store/port.ts'

export interface StoppedExecution {
  execution_id: string
  tenant_id: TenantId
  intent_type: string
  status: Status
  /** Why, in words. */
  reason: string
}

const STOPPED: readonly Status[] = ['paused', 'parked']
const PAGE_ROWS = 200
/** Appends come in bursts. */
const LOOK_MS = 200
/** Of one look; the others are told by the next. */
const TOLD_AT_ONCE_MAX = 100

/** Looks now and after each burst of commits, and calls `report` with those that have stopped since the look before. */
export function reportStopped(store: Store, clock: Clock, report: (stopped: StoppedExecution[]) => void): void {
  let told = new Set<string>()
  let isLooking = false
  let isWanted = false
  const look = async () => {
    const stopped = await listStopped(store)
    const fresh = stopped.filter(({ execution_id }) => !told.has(execution_id)).slice(0, TOLD_AT_ONCE_MAX)
    // One that went on and stops again is told again.
    told = new Set(
      [...stopped.filter(({ execution_id }) => told.has(execution_id)), ...fresh].map((row) => row.execution_id),
    )
    if (fresh.length > 0) report(await Promise.all(fresh.map((row) => describe(store, row))))
  }
  const lookSoon = () => {
    isWanted = isLooking
    if (isLooking) return
    isLooking = true
    clock.after(LOOK_MS, () => {
      // The store is closed while the process stops; whatever else is wrong with it, the engine tells.
      void look()
        .catch(() => {})
        .finally(() => {
          isLooking = false
          if (isWanted) lookSoon()
        })
    })
  }
  store.onAppend(lookSoon)
  lookSoon()
}

async function listStopped(store: Store): Promise<ExecutionRow[]> {
  const stopped: ExecutionRow[] = []
  let after: string | null = null
  do {
    const page = await store.listUnfinished(after, PAGE_ROWS)
    stopped.push(...page.items.filter(({ status }) => STOPPED.includes(status)))
    after = page.next
  } while (after !== null)
  return stopped
}

async function describe(store: Store, row: ExecutionRow): Promise<StoppedExecution> {
  const { execution_id, tenant_id, intent_type, status } = row
  const { error } = await executionView(store, row)
  return { execution_id, tenant_id, intent_type, status, reason: error?.message ?? 'A person stopped it.' }
}

// A store that tells an observer of what it committed, after the commit.

import type { AcceptIntent, ExecutionRow, RecordExecution, Store } from '../store/port.ts'
import type { Observer } from './observer.ts'

/** `now`: a clock of milliseconds that never goes back, such as `performance.now`. */
export function observedStore(store: Store, observer: Observer, now: () => number): Store {
  async function timed<T>(command: string, answer: Promise<T>): Promise<T> {
    const begun = now()
    let failed = true
    try {
      const value = await answer
      failed = false
      return value
    } finally {
      observer.took(command, (now() - begun) / 1000, failed)
    }
  }

  const seen = (rows: readonly ExecutionRow[]): void => {
    if (rows.length > 0) observer.seen(rows)
  }

  return {
    ...readsOf(store),
    createSession: (command) => timed('create_session', store.createSession(command)),
    closeSession: (command) => timed('close_session', store.closeSession(command)),
    async acceptIntent(command: AcceptIntent) {
      const accepted = await timed('accept_intent', store.acceptIntent(command))
      if (accepted.outcome === 'accepted') observer.accepted(command)
      return accepted
    },
    async record(command: RecordExecution) {
      const recorded = await timed('record', store.record(command))
      if (recorded.outcome === 'recorded') observer.recorded(command)
      return recorded
    },
    async getExecution(tenant, execution) {
      const row = await store.getExecution(tenant, execution)
      if (row) seen([row])
      return row
    },
    async listUnfinished(after, limit) {
      const page = await store.listUnfinished(after, limit)
      seen(page.items)
      return page
    },
    readSession: (...ask) => timed('read_session', store.readSession(...ask)),
    readExecution: (...ask) => timed('read_execution', store.readExecution(...ask)),
    readTenant: (...ask) => timed('read_tenant', store.readTenant(...ask)),
  }
}

type Observed =
  | 'createSession'
  | 'closeSession'
  | 'acceptIntent'
  | 'record'
  | 'getExecution'
  | 'listUnfinished'
  | 'readSession'
  | 'readExecution'
  | 'readTenant'

/** What is passed on as it is. */
const readsOf = (store: Store): Omit<Store, Observed> => ({
  claimShards: store.claimShards.bind(store),
  releaseShards: store.releaseShards.bind(store),
  getSession: store.getSession.bind(store),
  cutLog: store.cutLog.bind(store),
  listUncut: store.listUncut.bind(store),
  listSessions: store.listSessions.bind(store),
  listExecutions: store.listExecutions.bind(store),
  listBegun: store.listBegun.bind(store),
  sessionHead: store.sessionHead.bind(store),
  tenantHead: store.tenantHead.bind(store),
  onAppend: store.onAppend.bind(store),
  getState: store.getState.bind(store),
  listState: store.listState.bind(store),
  now: store.now.bind(store),
  dueTimers: store.dueTimers.bind(store),
  sweepKeys: store.sweepKeys.bind(store),
  unreferenced: store.unreferenced.bind(store),
  close: store.close.bind(store),
})

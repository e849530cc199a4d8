// A store that tells an observer of what it committed, after the commit.

import type { AcceptIntent, ExecutionRow, RecordExecution, Store } from '../store/port.ts'
import type { Observer } from './observer.ts'

/** `now`: a clock of milliseconds that never goes back, such as `performance.now`. */
export function observedStore(store: Store, observer: Observer, now: () => number): Store {
  /** Listens beside the caller, whose way to the answer stays as short as it was. `then` hears of it first. */
  function timed<T>(command: string, answer: Promise<T>, then?: (value: T) => void): Promise<T> {
    const begun = now()
    const took = (failed: boolean) => observer.took(command, (now() - begun) / 1000, failed)
    answer.then(
      (value) => {
        took(false)
        then?.(value)
      },
      () => took(true),
    )
    return answer
  }

  const seen = (rows: readonly ExecutionRow[]): void => {
    if (rows.length > 0) observer.seen(rows)
  }

  return {
    ...readsOf(store),
    createSession: (command) => timed('create_session', store.createSession(command)),
    closeSession: (command) => timed('close_session', store.closeSession(command)),
    acceptIntent: (command: AcceptIntent) =>
      timed('accept_intent', store.acceptIntent(command), ({ outcome }) => {
        if (outcome === 'accepted') observer.accepted(command)
      }),
    record: (command: RecordExecution) =>
      timed('record', store.record(command), ({ outcome }) => {
        if (outcome === 'recorded') observer.recorded(command)
      }),
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

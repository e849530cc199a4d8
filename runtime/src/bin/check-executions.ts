// Replays every execution in flight against the realms that are here. Nothing that a handler asks for is carried out, and nothing is
// written; so it can be done beside the runtime that runs them.

import type { Catalogue } from '../engine/catalogue.ts'
import type { History } from '../engine/history.ts'
import { type ExecutionLog, historyOf } from '../engine/load-history.ts'
import { obstacleTo } from '../engine/runnable.ts'
import type { ExecutionRow } from '../store/port.ts'
import type { DataBeside, Moment } from '../store/sqlite/read-beside.ts'

/** Of one moment of the data; a page ends early when it has so many characters of entries. */
const PAGE_EXECUTIONS_MAX = 64
const PAGE_CHARS_MAX = 16 * 1024 * 1024
/** That are kept; further ones are counted. */
const STOPPED_MAX = 10_000

/** An execution that cannot go on with these realms: it would pause, or park if it is being undone. */
export interface Stopped extends Pick<ExecutionRow, (typeof SHOWN)[number]> {
  code: string
  /** The difference, or what is missing, in words. */
  message: string
}

const SHOWN = ['execution_id', 'tenant_id', 'session_id', 'intent_type', 'realm_version', 'status'] as const

export interface Checked {
  in_flight: number
  /** Those that go on. */
  replay: number
  /** Those that do not, by code. */
  stop: Record<string, number>
  stopped: Stopped[]
}

interface Page {
  executions: { row: ExecutionRow; history: History }[]
  /** Where the next one begins; null at the end. */
  next: string | null
}

/** `onPage` is told how many are done. */
export async function checkExecutions(
  data: DataBeside,
  catalogue: Catalogue,
  onPage: (done: number) => void,
): Promise<Checked> {
  const checked: Checked = { in_flight: 0, replay: 0, stop: {}, stopped: [] }
  let after: string | null = null
  do {
    const page: Page = await data.moment((moment) => readPage(moment, after))
    for (const { row, history } of page.executions) {
      const obstacle = await obstacleTo(catalogue, row, history)
      checked.in_flight++
      if (obstacle === null) checked.replay++
      else count(checked, row, obstacle)
    }
    onPage(checked.in_flight)
    after = page.next
  } while (after !== null)
  return checked
}

async function readPage(moment: Moment, after: string | null): Promise<Page> {
  const { items, next } = moment.listUnfinished(after, PAGE_EXECUTIONS_MAX)
  let chars = 0
  const log: ExecutionLog = {
    async readExecution(execution, afterSeq, limit) {
      const entries = await moment.readExecution(execution, afterSeq, limit)
      for (const { data, secret } of entries) chars += data.length + (secret?.length ?? 0)
      return entries
    },
  }
  const executions: Page['executions'] = []
  for (const row of items) {
    executions.push({ row, history: await historyOf(log, row.execution_id) })
    if (chars > PAGE_CHARS_MAX) break
  }
  const isWhole = executions.length === items.length
  return { executions, next: isWhole ? next : (executions.at(-1)?.row.execution_id ?? null) }
}

function count(
  { stop, stopped }: Checked,
  row: ExecutionRow,
  { code, message }: { code: string; message: string },
): void {
  stop[code] = (stop[code] ?? 0) + 1
  if (stopped.length === STOPPED_MAX) return
  const { execution_id, tenant_id, session_id, intent_type, realm_version, status } = row
  stopped.push({ execution_id, tenant_id, session_id, intent_type, realm_version, status, code, message })
}

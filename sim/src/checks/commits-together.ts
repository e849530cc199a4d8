// G8: event, state and outcome commit together: what the tables say is what the log makes of them.

import type { Entry } from '@biplane/runtime/store-port'
import type { Status } from '@biplane/protocol'

import { type Evidence, type StateTable, dataOf, secretOf } from '../evidence.ts'

/** What a lifecycle entry makes of an execution; where it is several, the log alone does not tell which. */
const STATUS_AFTER: Record<string, readonly Status[]> = {
  'intent.accepted': ['accepted'],
  'execution.started': ['running', 'waiting'],
  'execution.recovered': ['running', 'waiting', 'compensating'],
  'execution.cancelling': ['running', 'waiting', 'compensating'],
  'execution.paused': ['paused'],
  'execution.continued': ['running', 'waiting', 'compensating'],
  'execution.parked': ['parked'],
  'execution.completed': ['completed'],
  'execution.failed': ['failed'],
  'execution.cancelled': ['cancelled'],
  'execution.superseded': ['superseded'],
}

export function commitsTogether({ sessions, executions, state }: Evidence): string[] {
  const saw: string[] = []
  for (const { row, entries } of executions) {
    const last = entries.findLast(({ kind }) => kind === 'lifecycle')
    if (!last || !STATUS_AFTER[last.type]?.includes(row.status)) {
      saw.push(`${row.execution_id} is ${row.status}, and its log says ${last?.type}.`)
    }
    if (last && dataOf(last).compensated !== undefined && dataOf(last).compensated !== row.compensated) {
      saw.push(`${row.execution_id} is compensated=${row.compensated}, and its log says ${dataOf(last).compensated}.`)
    }
    if (row.ended_ms !== null && row.ended_ms !== last?.time_ms)
      saw.push(`${row.execution_id} ended at another time than its log says.`)
  }
  const entries = sessions.flatMap((log) => log.entries)
  entries.sort((a, b) => a.pos - b.pos)
  return [...saw, ...state.flatMap((table) => compareState(table, entries))]
}

function compareState({ scope, owner, rows }: StateTable, entries: readonly Entry[]): string[] {
  const facts = new Map<string, { value: string; revision: number }>()
  for (const entry of entries) {
    if (entry.type !== 'state.changed' || owner !== (scope === 'tenant' ? entry.tenant_id : entry.session_id)) continue
    const { name, scope: changed } = dataOf(entry)
    if (changed !== scope) continue
    const revision = (facts.get(name)?.revision ?? 0) + 1
    facts.set(name, { value: JSON.stringify(secretOf(entry)['value']), revision })
  }
  const saw = rows
    .filter(({ key, value, revision }) => facts.get(key)?.value !== value || facts.get(key)?.revision !== revision)
    .map(({ key, value, revision }) => {
      const fact = facts.get(key)
      return `State ${key} of ${owner} is ${value} at ${revision}, and the log makes it ${fact?.value} at ${fact?.revision}.`
    })
  if (rows.length !== facts.size) saw.push(`${owner} has ${rows.length} keys, and the log makes ${facts.size}.`)
  return saw
}

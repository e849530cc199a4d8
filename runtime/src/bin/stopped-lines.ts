// What `dev` prints of executions that a person must look at: how many, why, and what to do.

import type { StoppedExecution } from './stopped-executions.ts'

const SHOWN_MAX = 5

/** `url` is the runtime's address. */
export function linesOfStopped(stopped: readonly StoppedExecution[], url: string): string {
  const byStatus = Map.groupBy(stopped, ({ status }) => status)
  return Array.from(byStatus, ([status, some]) => [
    `${some.length === 1 ? '1 execution is' : `${some.length} executions are`} ${status}:`,
    ...some
      .slice(0, SHOWN_MAX)
      .map(({ execution_id, intent_type, reason }) => `  ${execution_id} ${intent_type}: ${reason}`),
    ...(some.length > SHOWN_MAX ? [`  and ${some.length - SHOWN_MAX} more: ${listOf(some[0], url)}`] : []),
    'What fits the code again when it is saved goes on by itself; anything else when it is told to:',
    `  curl --json '{}' '${url}/api/execution/${some[0]?.execution_id}/resume?tenant_id=${some[0]?.tenant_id}'`,
  ])
    .flat()
    .join('\n')
}

const listOf = (one: StoppedExecution | undefined, url: string): string =>
  `curl '${url}/api/execution?status=${one?.status}&tenant_id=${one?.tenant_id}'`

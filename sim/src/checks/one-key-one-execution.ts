// G3: one key, one execution, one answer; another body is refused.

import type { Asked } from '../program.ts'
import { type Evidence, dataOf, secretOf } from '../evidence.ts'
import type { SubmitSeen } from '../observed.ts'

export function oneKeyOneExecution({ observed, executions, sessions }: Evidence): string[] {
  const saw: string[] = []
  const byKey = Map.groupBy(observed.submits, ({ tenant, key }) => `${tenant} ${key}`)
  const accepted = new Map<string, { execution: string; body: number }[]>()
  for (const { row, entries } of executions) {
    const first = entries[0]
    if (!first || dataOf(first).ordinal !== undefined || row.parent_id !== null) continue
    const { request, body } = secretOf(first)['payload'] as Asked
    const name = `${row.tenant_id} ${request}`
    accepted.set(name, [...(accepted.get(name) ?? []), { execution: row.execution_id, body }])
  }
  for (const [key, submits] of byKey) saw.push(...judge(key, submits, accepted.get(key) ?? []))
  for (const [key, seen] of Map.groupBy(observed.sessions, ({ tenant, key }) => `${tenant} ${key}`)) {
    const ids = new Set(seen.map(({ session }) => session))
    if (ids.size !== 1) saw.push(`The session key ${key} was answered ${[...ids].join(' and ')}.`)
  }
  const keys = new Set(observed.sessions.map(({ tenant, key }) => `${tenant} ${key}`))
  if (sessions.length !== keys.size) saw.push(`${keys.size} session keys made ${sessions.length} sessions.`)
  return saw
}

function judge(
  key: string,
  submits: readonly SubmitSeen[],
  made: readonly { execution: string; body: number }[],
): string[] {
  const [only] = made
  if (made.length !== 1 || !only) return [`The key ${key} made ${made.length} executions.`]
  return submits.flatMap(({ asked, told }) => {
    if (told === null) return []
    const isSame = asked.body === only.body
    const tells = `The key ${key} was used for ${only.execution} with body ${only.body}; body ${asked.body} was told`
    if ('refused' in told) {
      return !isSame && told.refused === 'idempotency_conflict' ? [] : [`${tells} ${told.refused}.`]
    }
    return isSame && told.execution === only.execution ? [] : [`${tells} ${told.execution}.`]
  })
}

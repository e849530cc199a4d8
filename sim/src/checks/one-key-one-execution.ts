// G3: one key, one execution, one answer; another body is refused.

import { type Evidence, type SessionLog, askedOf, dataOf, ofType } from '../evidence.ts'
import type { SubmitSeen } from '../observed.ts'

export function oneKeyOneExecution({ observed, executions, sessions }: Evidence): string[] {
  const saw: string[] = []
  const byKey = Map.groupBy(observed.submits, ({ tenant, key }) => `${tenant} ${key}`)
  const accepted = new Map<string, { execution: string; body: number }[]>()
  for (const log of executions) {
    const { row, entries } = log
    const { retry_of, fork_of } = entries[0] ? dataOf(entries[0]) : {}
    if (retry_of ?? fork_of ?? row.parent_id) continue
    const { request, body } = askedOf(log)
    const name = `${row.tenant_id} ${request}`
    accepted.set(name, [...(accepted.get(name) ?? []), { execution: row.execution_id, body }])
  }
  for (const [key, submits] of byKey) saw.push(...judge(key, submits, accepted.get(key) ?? [], sessions))
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
  sessions: readonly SessionLog[],
): string[] {
  const [only] = made
  if (!only && submits.every((submit) => wasClosed(submit, sessions))) return []
  if (made.length !== 1 || !only) return [`The key ${key} made ${made.length} executions.`]
  return submits.flatMap((submit) => {
    const { asked, told } = submit
    const isSame = asked.body === only.body
    const tells = `The key ${key} was used for ${only.execution} with body ${only.body}; body ${asked.body} was told`
    if ('refused' in told) {
      return !isSame && told.refused === 'idempotency_conflict' ? [] : [`${tells} ${told.refused}.`]
    }
    return isSame && told.execution === only.execution ? [] : [`${tells} ${told.execution}.`]
  })
}

/** It came to a session that takes nothing any more. */
const wasClosed = ({ session, told }: SubmitSeen, sessions: readonly SessionLog[]): boolean =>
  'refused' in told &&
  told.refused === 'session_closed' &&
  sessions.some((log) => log.session === session && ofType(log, 'session.closing').length > 0)

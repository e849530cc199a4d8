// What the list of executions is narrowed to. It stands in the address, so that a link shows the same.

import type { ExecutionFilter } from '@biplane/client'
import { type ExecutionSummary, STATUSES, type Status } from '@biplane/protocol'

export interface Filter {
  status?: Status
  type?: string
  session?: string
}

const textOf = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/** Of an address that anybody may have written: what it cannot mean is left out. */
export function readFilter(search: Record<string, unknown>): Filter {
  const status = STATUSES.find((one) => one === search['status'])
  const [type, session] = [textOf(search['type']), textOf(search['session'])]
  return { ...(status && { status }), ...(type && { type }), ...(session && { session }) }
}

export const asked = ({ status, type, session }: Filter): ExecutionFilter => ({
  ...(status && { status }),
  ...(type && { intentType: type }),
  ...(session && { sessionId: session }),
})

export const fits = (row: ExecutionSummary, { status, type, session }: Filter): boolean =>
  row.status === (status ?? row.status) &&
  row.intent_type === (type ?? row.intent_type) &&
  row.session_id === (session ?? row.session_id)

export const isNarrowed = (filter: Filter): boolean => Object.keys(filter).length > 0

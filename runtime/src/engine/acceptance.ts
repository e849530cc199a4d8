// What an intent becomes when it is taken: an execution, the keys under which it can be asked for again, the first entries.

import { hash } from 'node:crypto'

import type { ExecutionId, IntentId, SessionId, TenantId } from '@biplane/protocol'
import { ProblemError, canonicalJson, newExecutionId, newIntentId } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { REPLAY } from '@biplane/realm/replay'

import type { ExecutionRow, NewEntry, RequestKey } from '../store/port.ts'
import { entryOf } from './entry.ts'
import type { Fork } from './history.ts'
import type { EngineParts } from './ports.ts'

export interface Accepted {
  intent_id: IntentId
  execution_id: ExecutionId
  session_id: SessionId
}

export interface IntentRequest {
  tenant_id: TenantId
  session_id: SessionId
  intent_type: string
  realm: string
  payload: unknown
  /** Minted by the client; then it is a key too. */
  intent_id?: IntentId
  idempotency_key?: string
  by?: string
  reason?: string
  traceparent?: string
  parent?: Parent
  retry_of?: ExecutionId
  fork_of?: Fork
}

/** The lane that an execution shares, and whether it must wait for its turn in there. */
export interface Turn {
  lane: string | null
  priority: number
  queued: boolean
}

/** What an execution was called by. */
export interface Parent {
  execution_id: ExecutionId
  ordinal: number
  detached: boolean
  depth: number
}

export const newExecution = (
  request: IntentRequest,
  realm_version: string,
  queued: boolean,
  { ids, clock }: Pick<EngineParts, 'ids' | 'clock'>,
): ExecutionRow => ({
  tenant_id: request.tenant_id,
  execution_id: newExecutionId(ids),
  intent_id: request.intent_id ?? newIntentId(ids),
  session_id: request.session_id,
  intent_type: request.intent_type,
  realm: request.realm,
  realm_version,
  status: queued ? 'accepted' : 'running',
  compensated: false,
  created_ms: clock.now(),
  ended_ms: null,
  parent_id: request.parent?.execution_id ?? null,
  parent_ordinal: request.parent && !request.parent.detached ? request.parent.ordinal : null,
})

/** The intent's own id is a key, unless this is another execution of it; one hash of the body serves every key. */
export function keysOf(request: IntentRequest, row: ExecutionRow): RequestKey[] {
  const { intent_type, realm, session_id, payload } = request
  const body_hash = hash('sha256', canonicalJson({ intent_type, realm, session_id, payload }))
  const isAnother = request.retry_of !== undefined || request.fork_of !== undefined
  const own = isAnother ? [] : [row.intent_id]
  const names = new Set([request.idempotency_key ?? row.intent_id, ...own])
  return [...names].map((key) => ({ key, body_hash }))
}

/** What is appended when an intent is accepted: if there is room it begins at once. */
export function acceptanceOf(request: IntentRequest, row: ExecutionRow, { lane, priority, queued }: Turn): NewEntry[] {
  const { by, reason, traceparent, parent, retry_of, fork_of } = request
  const about = { execution: row.execution_id, time_ms: row.created_ms }
  const data = {
    intent_id: row.intent_id,
    intent_type: row.intent_type,
    realm_version: row.realm_version,
    replay: REPLAY,
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(parent && { parent: { execution_id: parent.execution_id, ordinal: parent.ordinal } }),
    ...(retry_of === undefined ? {} : { retry_of }),
    ...(fork_of === undefined ? {} : { fork_of }),
  }
  const depth = parent ? `,"depth":${parent.depth}` : ''
  const turn = lane === null ? '' : `,"lane":${JSON.stringify(lane)},"priority":${priority}`
  const secret = `{"payload":${JSON.stringify(request.payload)}${depth}${turn}}`
  const accepted = entryOf('intent.accepted', data, { ...about, secret })
  return queued ? [accepted] : [accepted, entryOf('execution.started', {}, about)]
}

/** @throws ProblemError payload_invalid if the realm cannot say which lane it is */
export function turnOf({ type, limit }: IntentDefinition, request: IntentRequest, payload: unknown): Turn {
  if (!limit) return { lane: null, priority: 0, queued: false }
  const { tenant_id, session_id } = request
  const about = { tenant_id, session_id, payload: payload as never }
  try {
    const priority = limit.priority?.(about) ?? 0
    return {
      lane: `${type} ${limit.key?.(about) ?? ''}`,
      priority: Number.isFinite(priority) ? priority : 0,
      queued: false,
    }
  } catch (cause) {
    throw new ProblemError('payload_invalid', `The limit of ${type} does not take it: ${String(cause)}`, { cause })
  }
}

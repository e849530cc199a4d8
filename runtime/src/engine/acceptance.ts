// What an intent becomes when it is taken: an execution, the keys under which it can be asked for again, the first entries.

import { hash } from 'node:crypto'

import type { ExecutionId, IntentId, SessionId, TenantId } from '@biplane/protocol'
import { canonicalJson, newExecutionId, newIntentId } from '@biplane/protocol'
import { REPLAY } from '@biplane/realm/replay'

import type { ExecutionRow, NewEntry, RequestKey } from '../store/port.ts'
import { type Actor, actorOf } from './actor.ts'
import { entryOf } from './entry.ts'
import type { Arrival } from './flow-control.ts'
import type { Fork } from './history.ts'
import { type Place, placeText } from './place.ts'
import type { EngineParts } from './ports.ts'

export interface Accepted {
  intent_id: IntentId
  execution_id: ExecutionId
  session_id: SessionId
}

export interface IntentRequest extends Actor {
  tenant_id: TenantId
  session_id: SessionId
  intent_type: string
  realm: string
  payload: unknown
  /** Minted by the client; then it is a key too. */
  intent_id?: IntentId
  idempotency_key?: string
  traceparent?: string
  parent?: Parent
  retry_of?: ExecutionId
  fork_of?: Fork
}

/** What an execution was called by. */
export interface Parent {
  execution_id: ExecutionId
  ordinal: number
  detached: boolean
  depth: number
}

export function newExecution(
  request: IntentRequest,
  realm_version: string,
  { isQueued, slot }: Pick<Arrival, 'isQueued' | 'slot'>,
  { ids, clock }: Pick<EngineParts, 'ids' | 'clock'>,
): ExecutionRow {
  const created_ms = clock.now()
  return {
    tenant_id: request.tenant_id,
    execution_id: newExecutionId(ids),
    intent_id: request.intent_id ?? newIntentId(ids),
    session_id: request.session_id,
    intent_type: request.intent_type,
    realm: request.realm,
    realm_version,
    status: isQueued ? 'accepted' : 'running',
    compensated: false,
    created_ms,
    ended_ms: null,
    parent_id: request.parent?.execution_id ?? null,
    parent_ordinal: request.parent && !request.parent.detached ? request.parent.ordinal : null,
    began_ms: isQueued ? null : created_ms,
    rate_lane: slot?.rateLane ?? null,
  }
}

/**
 * The intent's own id is a key, unless this is another execution of it. One hash serves every key: of the body, and of what is to be
 * begun again.
 */
export function keysOf(request: IntentRequest, row: ExecutionRow): RequestKey[] {
  const { intent_type, realm, session_id, payload, retry_of, fork_of } = request
  const isAnother = retry_of !== undefined || fork_of !== undefined
  const again = isAnother ? { ...(retry_of && { retry_of }), ...(fork_of && { fork_of }) } : {}
  const body_hash = hash('sha256', canonicalJson({ intent_type, realm, session_id, payload, ...again }))
  const own = isAnother ? [] : [row.intent_id]
  const names = new Set([request.idempotency_key ?? row.intent_id, ...own])
  return [...names].map((key) => ({ key, body_hash }))
}

/** What is appended when an intent is accepted: unless it must wait it begins at once. */
export function acceptanceOf(request: IntentRequest, row: ExecutionRow, place: Place): NewEntry[] {
  const { traceparent, parent, retry_of, fork_of } = request
  const about = { execution: row.execution_id, time_ms: row.created_ms }
  const data = {
    intent_id: row.intent_id,
    intent_type: row.intent_type,
    realm_version: row.realm_version,
    replay: REPLAY,
    ...actorOf(request),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(parent && { parent: { execution_id: parent.execution_id, ordinal: parent.ordinal } }),
    ...(retry_of === undefined ? {} : { retry_of }),
    ...(fork_of === undefined ? {} : { fork_of }),
  }
  const depth = parent ? `,"depth":${parent.depth}` : ''
  const secret = `{"payload":${JSON.stringify(request.payload)}${depth}${placeText(place)}}`
  const accepted = entryOf('intent.accepted', data, { ...about, secret })
  return row.began_ms === null ? [accepted] : [accepted, entryOf('execution.started', {}, about)]
}

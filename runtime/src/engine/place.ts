// Where an execution stands in line: the lane that it shares, and how urgent it is there. Decided once, when its intent is accepted,
// and kept in its first entry, so that a restart finds it as it was.

import { hash } from 'node:crypto'

import { ProblemError } from '@biplane/protocol'
import type { IntentDefinition, Limited } from '@biplane/realm'

/** A longer key is kept as its hash: what is equal stays equal. */
const KEY_CHARS_MAX = 200

export interface Place {
  /** Null if it shares nothing. Begins with the intent's type. */
  lane: string | null
  priority: number
  /** If it is debounced: when the first of those that it replaces was accepted, or itself was. Else null. */
  first_ms: number | null
}

export const NO_PLACE: Place = { lane: null, priority: 0, first_ms: null }

type Whose = Pick<Limited<unknown>, 'tenant_id' | 'session_id'>

/** @throws ProblemError payload_invalid if the realm cannot say which lane it is */
export function placeOf({ type, limit }: IntentDefinition, request: Whose, payload: unknown): Place {
  if (!limit) return NO_PLACE
  const { tenant_id, session_id } = request
  const about = { tenant_id, session_id, payload: payload as never }
  try {
    const priority = limit.priority?.(about) ?? 0
    const key = limit.key?.(about) ?? ''
    const lane = `${type} ${key.length > KEY_CHARS_MAX ? hash('sha256', key) : key}`
    return { lane, priority: Number.isFinite(priority) ? priority : 0, first_ms: null }
  } catch (cause) {
    throw new ProblemError('payload_invalid', `The limit of ${type} does not take it: ${String(cause)}`, { cause })
  }
}

export const intentTypeOf = (lane: string): string => lane.slice(0, lane.indexOf(' '))

/** As fields of the first entry's secret. */
export function placeText({ lane, priority, first_ms }: Place): string {
  if (lane === null) return ''
  const debounced = first_ms === null ? '' : `,"first_ms":${first_ms}`
  return `,"lane":${JSON.stringify(lane)},"priority":${priority}${debounced}`
}

export const placeIn = ({ lane = null, priority = 0, first_ms = null }: Partial<Place>): Place => ({
  lane,
  priority,
  first_ms,
})

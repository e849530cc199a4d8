// The log of a session, as it is and as it is compared with another.

import type { Event } from '@biplane/protocol'

import { json } from '../planes.ts'
import { TENANT } from './surface.ts'

export const logOf = (runtimeUrl: string, session_id: string): Promise<Event[]> =>
  json(`${runtimeUrl}/api/session/${session_id}/events?tenant_id=${TENANT}`)

export const intentsIn = (log: readonly Event[]): string[] =>
  log.flatMap((event) =>
    event.kind === 'lifecycle' && event.type === 'intent.accepted' ? [event.data.intent_type] : [],
  )

const ID = /\b(?:(ses|int|exe|cnt|prd|art)_[0-9a-z]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/g

/**
 * What must be the same whichever surface was used: all but ids, which become the place where they first appear, so that what refers
 * to what is still compared; times and how long things took; and progress, of which more is written the longer a step takes. An
 * entry's own id and number follow from its place.
 */
export function alike(log: readonly Event[]): unknown[] {
  const names = new Map<string, string>()
  const nameOf = (id: string, kind = 'uuid'): string => {
    const name = names.get(id) ?? `${kind} ${names.size + 1}`
    names.set(id, name)
    return name
  }
  const compared = log
    .filter(({ kind }) => kind !== 'progress')
    .map(({ id: _id, seq: _seq, time: _time, ...entry }) => entry)
  return JSON.parse(JSON.stringify(compared), (field, value: unknown) => {
    if (field.endsWith('_ms')) return undefined
    return typeof value === 'string' ? value.replaceAll(ID, nameOf) : value
  }) as unknown[]
}

// Values that only the gateway knows, asked for while somebody waits at the tab key.

import type { Capability, ExecutionSummary } from '@biplane/protocol'

import { recallCatalogue } from '../catalogue/load.ts'
import { clientOf } from '../command.ts'
import type { Place } from '../place.ts'
import { agoOf } from '../terminal/moment.ts'
import type { Candidate, Placeholder } from './candidates.ts'

const ANSWER_MS_MAX = 800
const RECENT_MAX = 30

/** What a placeholder stands for; nothing if that is not known here, or not in time. */
export async function knownValues(place: Place, wanted: Placeholder): Promise<Candidate[]> {
  switch (wanted) {
    case 'execution':
      return executions(place)
    case 'session':
      return sessions(place)
    case 'session-or-execution':
      return (await Promise.all([executions(place), sessions(place)])).flat()
    case 'intent-type':
      return types(place, ({ kind }) => kind === 'intent')
    case 'query-type':
      return types(place, ({ kind }) => kind === 'query')
    case 'realm-or-type':
      return [...(await realms(place)), ...(await types(place, () => true))]
    default:
      return []
  }
}

const inTime = <T>(asked: Promise<{ items: T[] }>): Promise<T[]> =>
  asked.then(
    ({ items }) => items,
    // There is nobody to tell: the line that is being typed must stay as it is.
    () => [],
  )

const page = () => ({ limit: RECENT_MAX, signal: AbortSignal.timeout(ANSWER_MS_MAX) })

async function executions(place: Place): Promise<Candidate[]> {
  const recent = await inTime<ExecutionSummary>(clientOf(place, 0).executions(page()))
  return recent.map(({ execution_id, intent_type, status, created_at }) => ({
    value: execution_id,
    about: `${intent_type} ${status}, ${agoOf(created_at)}`,
  }))
}

async function sessions(place: Place): Promise<Candidate[]> {
  const recent = await inTime(clientOf(place, 0).sessions(page()))
  return recent.map(({ session_id, status, created_at }) => ({
    value: session_id,
    about: `${status}, made ${agoOf(created_at)}`,
  }))
}

async function types(place: Place, isWanted: (capability: Capability) => boolean): Promise<Candidate[]> {
  const known = await recallCatalogue(place)
  return (known?.capabilities ?? []).filter(isWanted).map(({ type, title }) => ({ value: type, about: title }))
}

async function realms(place: Place): Promise<Candidate[]> {
  const known = await recallCatalogue(place)
  const names = new Set((known?.capabilities ?? []).map(({ realm }) => realm))
  return [...names].map((value) => ({ value, about: 'realm' }))
}

// An event in words that people read.

import type { Event, EventOf } from '@biplane/protocol'

import { durationInWords, exactTime } from '../../../ui/time/in-words.ts'

export type EventTone = 'quiet' | 'plain' | 'good' | 'bad' | 'careful'

export interface Words {
  text: string
  tone: EventTone
}

const plain = (text: string): Words => ({ text, tone: 'plain' })
const quiet = (text: string): Words => ({ text, tone: 'quiet' })
const good = (text: string): Words => ({ text, tone: 'good' })
const bad = (text: string): Words => ({ text, tone: 'bad' })
const careful = (text: string): Words => ({ text, tone: 'careful' })

export function wordsOf(event: Event): Words {
  switch (event.kind) {
    case 'session':
      return sessionWords(event)
    case 'lifecycle':
      return lifecycleWords(event)
    case 'step':
      return stepWords(event)
    case 'timer':
      return event.type === 'execution.waiting'
        ? careful(`sleeps until ${exactTime(Date.parse(event.data.until))}`)
        : quiet('wakes')
    case 'state':
      return quiet(`${event.data.name} of the ${event.data.scope}`)
    case 'saga':
      return sagaWords(event)
    case 'signal':
      return signalWords(event)
    case 'child':
      return childWords(event)
    case 'stream':
      return quiet(`${event.data.chunks.length} of ${event.data.stream}`)
    case 'progress':
      return quiet(progressWords(event))
    case 'emitted':
      return plain(factsOf(event.data))
    default:
      return quiet((event satisfies never as Event).type)
  }
}

/** `ship`, or `ship[7]` of a call with a key. */
export const callWords = ({ name, key }: { name: string; key?: string | undefined }): string =>
  key === undefined ? name : `${name}[${key}]`

/** ` by ada: it was checked`. */
export const because = ({ by, reason }: { by?: string | undefined; reason?: string | undefined }): string =>
  `${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`

function sessionWords({ type, data }: EventOf<'session'>): Words {
  if (type === 'session.created') return quiet('the session is made')
  return type === 'session.closed'
    ? quiet('the session is closed')
    : careful(`the session is being closed${because(data)}`)
}

function lifecycleWords({ type, data, execution_id }: EventOf<'lifecycle'>): Words {
  switch (type) {
    case 'intent.accepted':
      return plain(`${data.intent_type} is accepted as ${execution_id}${originOf(data)}${because(data)}`)
    case 'execution.started':
      return quiet('begins')
    case 'execution.recovered':
      return careful('the runtime was started again; this goes on')
    case 'execution.cancelling':
      return careful(`is being cancelled${because(data)}${data.error ? `: ${data.error.message}` : ''}`)
    case 'execution.paused':
      return careful(data.error ? `stops for a person: ${data.error.message}` : `paused${because(data)}`)
    case 'execution.continued':
      return careful(`goes on${because(data)}`)
    case 'execution.parked':
      return bad(`needs a person: ${data.error.message}`)
    case 'execution.completed':
      return good('completed')
    case 'execution.failed':
      return bad(`failed${because(data)}: ${data.error.message}`)
    case 'execution.cancelled':
      return careful(`cancelled${because(data)}`)
    case 'execution.superseded':
      return careful(`${data.superseded_by} is done instead`)
    default:
      return type satisfies never
  }
}

function originOf({ retry_of, fork_of, parent }: (EventOf<'lifecycle'> & { type: 'intent.accepted' })['data']): string {
  if (retry_of !== undefined) return `, a retry of ${retry_of}`
  if (fork_of !== undefined) return `, a fork of ${fork_of.execution_id}`
  return parent === undefined ? '' : `, a child of ${parent.execution_id}`
}

function stepWords({ type, data }: EventOf<'step'>): Words {
  const call = callWords(data)
  const attempt = data.attempt > 1 ? `, attempt ${data.attempt}` : ''
  if (type === 'step.started') return quiet(`${call} begins${attempt}`)
  if (type === 'step.completed') return good(`${call} done in ${durationInWords(data.duration_ms)}${attempt}`)
  const next = data.final ? '' : ' It is tried again.'
  return bad(`${call}${attempt}: ${data.error.message}${next}`)
}

function sagaWords({ type, data }: EventOf<'saga'>): Words {
  switch (type) {
    case 'saga.compensating':
      return careful(`what was done is taken back: ${data.error.message}`)
    case 'saga.step_undone':
      return careful(`${callWords(data)} undone`)
    case 'saga.step_settled':
      return careful(`${callWords(data)} was undone by hand${because(data)}`)
    case 'saga.undo_failed':
      return bad(`undo of ${callWords(data)}, attempt ${data.attempt}: ${data.error.message}`)
    default:
      return type satisfies never
  }
}

function signalWords({ type, data }: EventOf<'signal'>): Words {
  switch (type) {
    case 'signal.received':
      return plain(`${data.name}${decided(data.approved)} came${because(data)}`)
    case 'signal.awaited':
      return careful(
        data.approval === undefined ? `waits for ${data.name}` : `asks: ${data.approval.title ?? data.name}`,
      )
    case 'signal.taken':
      return plain(`${data.name} is taken${decided(data.approved)}${because(data)}`)
    case 'signal.expired':
      return careful(`${data.name} did not come in time`)
    default:
      return type satisfies never
  }
}

const decided = (approved: boolean | undefined): string =>
  approved === undefined ? '' : approved ? ', approved,' : ', refused,'

function childWords({ type, data }: EventOf<'child'>): Words {
  if (type === 'child.called') return plain(`calls ${data.name}${data.detached ? ', on its own' : ''}`)
  const text = `${data.name} has ${data.status}${data.error ? `: ${data.error.message}` : ''}`
  return data.status === 'completed' ? good(text) : bad(text)
}

function progressWords({ data: { step, message, done, total, unit } }: EventOf<'progress'>): string {
  const of = done === undefined ? '' : `${done}${total === undefined ? '' : ` of ${total}`} ${unit ?? ''}`
  return [step, message, of.trim()].filter((part) => part).join(', ')
}

const FACTS_MAX = 4

/** The plain facts of a realm's event, in one line. */
function factsOf(data: EventOf<'emitted'>['data']): string {
  if (typeof data !== 'object' || data === null) return data === null ? '' : JSON.stringify(data)
  return Object.entries(data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, FACTS_MAX)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')
}

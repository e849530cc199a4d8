// An event in words that people read; null if it is not worth a line to them.

import type { Event, EventOf } from '@biplane/protocol'

import { bad, careful, dim, good } from '../terminal/style.ts'
import { aheadOf, momentOf } from '../terminal/moment.ts'
import { padded, plain } from '../terminal/text.ts'
import { durationOf } from '../terminal/words.ts'

const STEP_COLUMNS = 24

export function lineOf(event: Event): string | null {
  switch (event.kind) {
    case 'step':
      return stepLine(event)
    case 'saga':
      return sagaLine(event)
    case 'timer':
      return event.type === 'execution.waiting' ? dim(`… waits until ${momentOf(event.data.until)}`) : null
    case 'lifecycle':
      return lifecycleLine(event)
    case 'emitted':
      return factsOf(event)
    case 'signal':
      return signalLine(event)
    case 'child':
      return event.type === 'child.called' ? dim(`… calls ${plain(event.data.name)}`) : null
    case 'session':
      return sessionLine(event)
    case 'state':
    case 'stream':
    case 'progress':
      return null
    default:
      return event satisfies never
  }
}

/** `ship`, or `ship[7]` of a call with a key. */
const callOf = ({ name, key }: { name: string; key?: string | undefined }): string =>
  plain(key === undefined ? name : `${name}[${key}]`)

const because = ({ by, reason }: { by?: string | undefined; reason?: string | undefined }): string =>
  plain(`${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`)

function stepLine({ type, data }: EventOf<'step'>): string | null {
  if (type === 'step.started') return null
  const again = data.attempt > 1 ? `, attempt ${data.attempt}` : ''
  if (type === 'step.completed') {
    return `${good('✔')} ${padded(callOf(data), STEP_COLUMNS)} ${dim(`${durationOf(data.duration_ms)}${again}`)}`
  }
  const { error, final, retry_at } = data
  const when = retry_at === undefined ? '' : ` ${aheadOf(retry_at)}`
  const next = final ? '' : dim(` (it is tried again${when === ' now' ? '' : when})`)
  return `${bad('✖')} ${callOf(data)}, attempt ${data.attempt}: ${plain(error.message)}${next}`
}

function sagaLine({ type, data }: EventOf<'saga'>): string {
  switch (type) {
    case 'saga.compensating':
      return careful(`↩ taking back what was done: ${plain(data.error.message)}`)
    case 'saga.step_undone':
      return `${careful('↩')} ${callOf(data)} undone`
    case 'saga.step_settled':
      return `${careful('↩')} ${callOf(data)} undone by hand${because(data)}`
    case 'saga.undo_failed':
      return `${bad('✖')} the undo of ${callOf(data)} failed: ${plain(data.error.message)}`
    default:
      return type satisfies never
  }
}

function signalLine({ type, data }: EventOf<'signal'>): string | null {
  switch (type) {
    case 'signal.received':
      return null
    case 'signal.expired':
      return careful(`${plain(data.name)} did not come in time`)
    case 'signal.awaited': {
      const what = data.approval === undefined ? 'waits for' : 'waits for a decision:'
      const until = data.until === undefined ? '' : dim(` (until ${momentOf(data.until)})`)
      return `${careful(`… ${what} ${plain(data.approval?.title ?? data.name)}`)}${until}`
    }
    case 'signal.taken': {
      const decided = data.approved === undefined ? 'came' : data.approved ? 'approved' : 'refused'
      return `${data.approved === false ? bad('✖') : good('✔')} ${plain(data.name)} ${decided}${because(data)}`
    }
    default:
      return type satisfies never
  }
}

function lifecycleLine({ type, execution_id, data }: EventOf<'lifecycle'>): string | null {
  switch (type) {
    case 'intent.accepted':
      return dim(`accepted as ${execution_id}`)
    case 'execution.recovered':
      return careful('the runtime was started again; this goes on')
    case 'execution.cancelling':
      return careful(`is being cancelled${because(data)}`)
    case 'execution.paused':
      return careful(data.error ? `a person must look: ${plain(data.error.message)}` : `paused${because(data)}`)
    case 'execution.parked':
      return careful(`a person must look: ${plain(data.error.message)}`)
    case 'execution.continued':
      return careful(`goes on${because(data)}`)
    case 'execution.completed':
      return good('completed')
    case 'execution.failed':
      return `${bad('failed')}: ${plain(data.error.message)} ${dim(`(${plain(data.error.code)})`)}`
    case 'execution.cancelled':
      return careful(`cancelled${because(data)}`)
    case 'execution.superseded':
      return careful(`a later one took its place: ${data.superseded_by}`)
    case 'execution.started':
      return null
    default:
      return type satisfies never
  }
}

function sessionLine({ type, data }: EventOf<'session'>): string | null {
  if (type === 'session.closing') return careful(`the session is being closed${because(data)}`)
  return null
}

/** The plain facts of a realm's event, in one line: no ids, nothing nested. Null if it has none. */
function factsOf({ type, data }: EventOf<'emitted'>): string | null {
  const isPlain = (value: unknown) => typeof value === 'number' || typeof value === 'string'
  const facts = Object.entries(data ?? {}).filter(([name, value]) => isPlain(value) && !name.endsWith('_id'))
  if (facts.length === 0) return null
  return dim(`· ${type}: ${facts.map(([name, value]) => plain(`${name} ${String(value)}`)).join(', ')}`)
}

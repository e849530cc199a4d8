// Follows one execution to its end and tells what happens in words. It survives whatever lies between: the client keeps the
// place in the log.

import type { Event, Execution } from '@biplane/protocol'
import { isFinal } from '@biplane/protocol'

import type { Task } from './command.ts'
import { type Output, bad, careful, dim, good } from './output.ts'
import { count, durationOf, sizeOf } from './words.ts'

const ENDINGS = ['execution.completed', 'execution.failed', 'execution.cancelled']
/** A person may have let it go on since. */
const STOPS = ['execution.paused', 'execution.parked']

export interface Watched {
  execution: Execution
  /** Milliseconds of each step, by its name. */
  steps: Map<string, number>
}

/** Resolves when the execution has ended, or waits for a person. */
export async function watch(
  { client, out }: Task,
  execution: { session_id: string; execution_id: string },
): Promise<Watched> {
  const steps = new Map<string, number>()
  const { session_id, execution_id } = execution
  for await (const { event } of client.follow(session_id, { onReconnect: (lost) => tellReconnect(out, lost) })) {
    if (event.subject !== execution_id) continue
    tellEvent(out, event)
    if (event.type === 'step.completed' && event.kind === 'step') steps.set(event.data.name, event.data.duration_ms)
    if (ENDINGS.includes(event.type) || (STOPS.includes(event.type) && (await isStopped(client, execution_id)))) break
  }
  out.endProgress()
  const ended = await client.execution(execution_id)
  out.record({ type: 'execution', execution: ended })
  if (isFinal(ended.status)) tellEnd(out, ended)
  return { execution: ended, steps }
}

export function tellReconnect(out: Output, { attempt }: { attempt: number }): void {
  // A stream ends now and then and is opened again at once; only what lasts is worth a word.
  if (attempt !== 2) return
  out.record({ type: 'reconnecting' })
  out.line(careful('  The connection was lost; reconnecting …'))
}

/** One event: a line for people, the event itself for programs. */
export function tellEvent(out: Output, event: Event): void {
  out.record({ type: 'event', event })
  if (event.type === 'execution.progress' && event.kind === 'progress') return tellProgress(out, event.data)
  const text = lineOf(event)
  if (text !== null) {
    out.endProgress()
    out.line(`  ${text}`)
  }
}

function lineOf(event: Event): string | null {
  switch (event.kind) {
    case 'step':
      return stepLine(event)
    case 'saga':
      if (event.type === 'saga.compensating') return careful(`↩ taking back what was done: ${event.data.error.message}`)
      if (event.type === 'saga.step_undone') return `${careful('↩')} ${event.data.name} undone`
      if (event.type === 'saga.step_settled') return `${careful('↩')} ${event.data.name} undone by hand`
      return `${bad('✖')} the undo of ${event.data.name} failed: ${event.data.error.message}`
    case 'timer':
      return event.type === 'execution.waiting'
        ? dim(`… waits until ${new Date(event.data.until).toLocaleString()}`)
        : null
    case 'lifecycle':
      return lifecycleLine(event)
    case 'emitted':
      return factsOf(event)
    case 'signal':
      return signalLine(event)
    case 'child':
      return event.type === 'child.called' ? dim(`… calls ${event.data.name}`) : null
    case 'session':
    case 'state':
    case 'stream':
    case 'progress':
      return null
    default:
      return event satisfies never
  }
}

/** The plain facts of a realm's event, in one line: no ids, nothing nested. Null if it has none. */
function factsOf({ type, data }: Extract<Event, { kind: 'emitted' }>): string | null {
  const isPlain = (value: unknown) => typeof value === 'number' || typeof value === 'string'
  const facts = Object.entries(data ?? {}).filter(([name, value]) => isPlain(value) && !name.endsWith('_id'))
  if (facts.length === 0) return null
  return dim(`· ${type}: ${facts.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`)
}

async function isStopped(client: Task['client'], execution: string): Promise<boolean> {
  const { status } = await client.executionStatus(execution)
  return status === 'paused' || status === 'parked'
}

function signalLine({ type, data }: Extract<Event, { kind: 'signal' }>): string | null {
  if (type === 'signal.received') return null
  if (type === 'signal.expired') return careful(`${data.name} did not come in time`)
  if (type === 'signal.awaited') return careful(`… waits for ${data.approval?.title ?? data.name}`)
  const decided = data.approved === undefined ? 'came' : data.approved ? 'approved' : 'refused'
  return `${data.approved === false ? bad('✖') : good('✔')} ${data.name} ${decided}${data.by ? ` by ${data.by}` : ''}`
}

function stepLine(event: Extract<Event, { kind: 'step' }>): string | null {
  if (event.type === 'step.completed') {
    return `${good('✔')} ${event.data.name.padEnd(24)} ${dim(durationOf(event.data.duration_ms))}`
  }
  if (event.type === 'step.started') return null
  const { name, attempt, error, final } = event.data
  return `${bad('✖')} ${name}, attempt ${attempt}: ${error.message}${final ? '' : dim(' (it is tried again)')}`
}

function lifecycleLine(event: Extract<Event, { kind: 'lifecycle' }>): string | null {
  switch (event.type) {
    case 'intent.accepted':
      return dim(`accepted as ${event.execution_id}`)
    case 'execution.recovered':
      return careful('the runtime was started again; this goes on')
    case 'execution.cancelling':
      return careful('is being cancelled')
    case 'execution.paused':
    case 'execution.parked':
      return careful(`a person must look: ${event.data.error?.message ?? 'it was paused'}`)
    case 'execution.continued':
      return careful('goes on')
    case 'execution.started':
    case 'execution.completed':
    case 'execution.failed':
    case 'execution.cancelled':
      return null
    default:
      return event satisfies never
  }
}

function tellProgress(out: Output, data: Extract<Event, { kind: 'progress' }>['data']): void {
  const { message = '', done = 0, total, unit = '', step = '' } = data
  const figure = unit === 'bytes' ? sizeOf : count
  const of = total === undefined ? figure(done) : `${figure(done)} of ${figure(total)}`
  out.progress(step, done, total ?? null, `${message} ${of}${unit === 'bytes' ? '' : ` ${unit}`}`)
}

function tellEnd(out: Output, { status, error, created_at, ended_at, compensated }: Execution): void {
  const took = durationOf(Date.parse(ended_at ?? created_at) - Date.parse(created_at))
  if (status === 'completed') return out.line(`  ${good('completed')} in ${took}`)
  const back = compensated ? '; what was done is taken back' : ''
  if (status === 'cancelled') return out.line(`  ${careful('cancelled')} after ${took}${back}`)
  out.line(`  ${bad(status)} after ${took}${back}: ${error?.message ?? ''} ${dim(`(${error?.code ?? ''})`)}`)
}

// One sentence: what an execution does, why it waits, or how it ended.

import type { Event, Execution, EventOf } from '@biplane/protocol'

import { exactTime } from '../../../ui/time/in-words.ts'
import { because } from '../log/event-words.ts'

export interface Why {
  text: string
  tone: 'busy' | 'waits' | 'bad' | 'good' | 'quiet'
  /** Another execution that it is about. */
  leadsTo?: string
}

const MOMENT = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g
/** With the moments in it in the zone of who reads. */
const local = (text: string): string => text.replaceAll(MOMENT, (moment) => exactTime(Date.parse(moment)))

export function whyOf(execution: Execution, events: readonly Event[]): Why {
  const { status, waits_for, error } = execution
  switch (status) {
    case 'accepted':
      return {
        tone: 'waits',
        text: waits_for === null ? 'Accepted; it begins in a moment.' : `Queued: it waits for ${local(waits_for)}.`,
      }
    case 'running':
      return running(execution, events)
    case 'waiting':
      return waiting(execution)
    case 'paused':
      return { tone: 'waits', text: pausedWords(execution, events) }
    case 'compensating':
      return { tone: 'waits', text: `What its steps did is being taken back, last first${reasonOfUndo(events)}.` }
    case 'parked':
      return {
        tone: 'bad',
        text: `It cannot go on by itself: ${sentence(error?.message ?? waits_for ?? 'its undo keeps failing')} Mend that and try again, or settle it.`,
      }
    case 'failed':
      return { tone: 'bad', text: `${sentence(error?.message ?? 'It failed')} ${takenBack(execution)}` }
    case 'cancelled':
      return {
        tone: 'quiet',
        text: `Cancelled${because(lastOf(events, 'execution.cancelled') ?? lastOf(events, 'execution.cancelling') ?? {})}. ${takenBack(execution)}`,
      }
    case 'superseded':
      return {
        tone: 'quiet',
        text: 'A later one of its key came before it began, and is done instead.',
        ...(execution.superseded_by && { leadsTo: execution.superseded_by }),
      }
    case 'completed':
      return { tone: 'good', text: 'It did what was asked.' }
    default:
      return status satisfies never
  }
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function running({ steps, waits_for }: Execution, events: readonly Event[]): Why {
  const retrying = steps.find(({ status }) => status === 'retrying')
  if (retrying !== undefined) {
    const text = `Attempt ${retrying.attempts} of “${retrying.name}” failed: ${sentence(retrying.error?.message ?? '')} It waits for ${local(waits_for ?? 'the next attempt')}.`
    return { tone: 'waits', text }
  }
  const atWork = steps.filter(({ status }) => status === 'running').map(({ name }) => `“${name}”`)
  const progress = events.findLast((event) => event.kind === 'progress')
  const told = progress === undefined ? '' : ` ${progressWords(progress)}`
  return { tone: 'busy', text: `At work${atWork.length === 0 ? '' : ` on ${atWork.join(', ')}`}.${told}` }
}

function progressWords({ data: { message, done, total, unit } }: EventOf<'progress'>): string {
  const count =
    done === undefined
      ? ''
      : `${done}${total === undefined ? '' : ` of ${total}`}${unit === undefined ? '' : ` ${unit}`}`
  return sentence([message, count].filter((part) => part).join(': '))
}

function waiting({ awaits, children, waits_for }: Execution): Why {
  const [first] = awaits
  if (first !== undefined) {
    const { name, approval, until } = first
    const others = awaits.length > 1 ? ` and ${awaits.length - 1} more` : ''
    const before = until === undefined ? '' : `, until ${exactTime(Date.parse(until))}`
    if (approval === undefined) return { tone: 'waits', text: `It waits for the signal “${name}”${others}${before}.` }
    const whose = approval.assignee === undefined ? '' : ` of ${approval.assignee}`
    return { tone: 'waits', text: `It waits for a decision${whose}${others}${before}: ${approval.title ?? name}` }
  }
  const child = children.find(({ detached, status }) => !detached && status === undefined)
  if (child !== undefined && waits_for?.includes(child.execution_id)) {
    return { tone: 'waits', text: `It waits for its child ${child.intent_type}.`, leadsTo: child.execution_id }
  }
  if (waits_for?.startsWith('until ')) return { tone: 'waits', text: `It sleeps ${local(waits_for)}.` }
  return { tone: 'waits', text: `It waits for ${local(waits_for ?? 'what it called')}.` }
}

function pausedWords({ error, waits_for }: Execution, events: readonly Event[]): string {
  if (error !== null) return `It stopped by itself and waits for a person: ${sentence(error.message)}`
  const paused = lastOf(events, 'execution.paused')
  if (paused === null) return `Paused: it waits for ${waits_for ?? 'a person'}.`
  return sentence(`Paused${because(paused)}`)
}

/** Who and why of the last entry of this type. */
function lastOf(events: readonly Event[], type: Event['type']): { by?: string; reason?: string } | null {
  const event = events.findLast((one) => one.type === type)
  return event === undefined ? null : (event.data as { by?: string; reason?: string })
}

function reasonOfUndo(events: readonly Event[]): string {
  const event = events.findLast((one) => one.kind === 'saga' && one.type === 'saga.compensating')
  return event?.type === 'saga.compensating' && event.kind === 'saga'
    ? `: ${event.data.error.message.replace(/\.$/, '')}`
    : ''
}

function takenBack({ compensated, steps }: Execution): string {
  if (compensated) return 'All that it did was taken back.'
  const left = steps.filter(({ status }) => status === 'completed').length
  return left === 0 ? 'It had done nothing.' : `What its ${left === 1 ? 'step' : `${left} steps`} did stays as it is.`
}

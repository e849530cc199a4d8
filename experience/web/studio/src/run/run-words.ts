// How work stands, as one line that a person reads.

import { bytesInWords, plural } from '../data/words.ts'
import type { Work } from '../work/kept-work.ts'
import type { WorkDone } from '../work/use-work.ts'
import { phaseStates, phasesOf } from './phases.ts'
import { type Run, progressOf } from './run.ts'

export function workInWords({ work, run }: WorkDone): string {
  return run === null ? beforeTheLog(work) : runInWords(run)
}

function beforeTheLog({ stage, sent, size, isInTrouble }: Work): string {
  switch (stage) {
    case 'queued':
      return 'Waits for its turn'
    case 'sending': {
      const so = `${bytesInWords(sent)} of ${bytesInWords(size)}`
      return isInTrouble ? `The line broke at ${so}. It goes on by itself; nothing is lost.` : `Sending, ${so}`
    }
    case 'submitting':
      return isInTrouble ? 'The server is away. This is sent as soon as it is back.' : 'Handing it over'
    case 'accepted':
      return 'Accepted'
    case 'stopped':
      return `The page was closed after ${bytesInWords(sent)} of ${bytesInWords(size)}. Choose the same file again: it goes on there.`
    case 'failed':
      return 'It could not be sent'
    default:
      return stage satisfies never
  }
}

export function runInWords(run: Run): string {
  const { status, intent_type, result, undoing, compensated } = run.execution
  switch (status) {
    case 'accepted':
      return 'Accepted; it begins as soon as there is room'
    case 'running':
      return run.isCancelling ? 'Cancelling' : atWork(run)
    case 'waiting':
      return run.execution.awaits.length > 0 ? 'Waits for your decision' : atWork(run)
    case 'paused':
      return 'Paused by whoever runs this; it goes on when they let it'
    case 'compensating':
      return 'Taking back what was done'
    case 'parked':
      return 'It cannot go on by itself; whoever runs this has to look'
    case 'completed':
      return intent_type === 'content.upload' ? uploaded(result) : mashed(result)
    case 'failed':
      return undoing && compensated ? 'Failed; what was done is taken back' : 'Failed'
    case 'cancelled':
      return compensated ? 'Cancelled; what was done is taken back' : 'Cancelled; nothing was made'
    case 'superseded':
      return 'A later one was done instead'
    default:
      return status satisfies never
  }
}

function atWork(run: Run): string {
  const progress = progressOf(run)
  if (progress?.message !== undefined) return progress.message + amount(progress)
  const phases = phasesOf(run.execution.intent_type)
  const at = phaseStates(phases, run).findIndex((state) => state === 'at work' || state === 'waits')
  return phases[at]?.doing ?? 'Nearly done'
}

function amount({
  done,
  total,
  unit = '',
}: {
  done?: number | undefined
  total?: number | undefined
  unit?: string | undefined
}): string {
  if (done === undefined) return ''
  const inUnit = (value: number) =>
    unit === 'bytes' ? bytesInWords(value) : `${value.toLocaleString('en')} ${unit}`.trim()
  return total === undefined ? `: ${inUnit(done)}` : `: ${inUnit(done)} of ${inUnit(total)}`
}

interface Uploaded {
  rows: { landed: number; rejected: number }
  rejected_cells: number
}

function uploaded(result: unknown): string {
  const { rows, rejected_cells } = result as Uploaded
  const rejected = [
    ...(rows.rejected > 0 ? [plural(rows.rejected, 'row')] : []),
    ...(rejected_cells > 0 ? [plural(rejected_cells, 'cell')] : []),
  ]
  return `${plural(rows.landed, 'row')}${rejected.length === 0 ? ', nothing rejected' : `; rejected: ${rejected.join(', ')}`}`
}

const mashed = (result: unknown): string => `${plural((result as { rows: number }).rows, 'row')}, all accounted for`

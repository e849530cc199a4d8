// A retry or a fork is a new execution of the same intent, one for each key; what it is of has ended and stays as it was. A fork
// neither runs nor undoes nor says again what it shares.

import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, type ExecutionLog, dataOf, secretOf } from '../evidence.ts'
import type { AgainSeen } from '../observed.ts'

export function begunAgain(evidence: Evidence): string[] {
  const logs = new Map<string, ExecutionLog>(evidence.executions.map((log) => [log.row.execution_id, log]))
  return [
    ...evidence.executions.flatMap((log) => {
      const source = logs.get(sourceOf(log) ?? '')
      return source ? [...sameIntent(log, source), ...sharesOnly(log, logs, evidence)] : []
    }),
    ...whatWasTold(evidence.observed.again, logs),
  ]
}

const originOf = ({ entries }: ExecutionLog) => dataOf(entries[0] as Entry)

function sourceOf(log: ExecutionLog): string | null {
  const { retry_of, fork_of } = originOf(log)
  return retry_of ?? fork_of?.execution_id ?? null
}

function sameIntent({ row, entries }: ExecutionLog, source: ExecutionLog): string[] {
  const [first] = entries as [Entry]
  const [of] = source.entries as [Entry]
  const isSame =
    row.intent_id === source.row.intent_id &&
    row.session_id === source.row.session_id &&
    JSON.stringify(secretOf(first)['payload']) === JSON.stringify(secretOf(of)['payload'])
  const saw = isSame ? [] : [`${row.execution_id} is not of the intent of ${source.row.execution_id}.`]
  const end = source.entries.at(-1) as Entry
  return end.pos < first.pos ? saw : [...saw, `${row.execution_id} began before ${source.row.execution_id} had ended.`]
}

/** What answers a call, or is said by one, belongs to the execution that it is shared from. */
function sharesOnly(log: ExecutionLog, logs: Map<string, ExecutionLog>, { outside }: Evidence): string[] {
  const { execution_id } = log.row
  const shared = new Set(sharedBy(log, logs).map(callIn))
  const own = log.entries.flatMap((entry) => (isOfACall(entry) ? [callIn(entry)] : []))
  const ofShared = ({ key }: { key: string }) => shared.has(Number(key.slice(execution_id.length + 1)))
  const ofThis = ({ key }: { key: string }) => key.startsWith(`${execution_id}/`)
  const saw: string[] = []
  if (own.some((call) => shared.has(call))) saw.push(`${execution_id} has an answer again that it shares.`)
  if (outside.bodies.some((run) => ofThis(run) && ofShared(run))) saw.push(`${execution_id} ran a step that it shares.`)
  if (outside.undos.some((run) => ofThis(run) && ofShared(run))) saw.push(`${execution_id} undid what it shares.`)
  return saw
}

function sharedBy(log: ExecutionLog, logs: Map<string, ExecutionLog>): Entry[] {
  const { fork_of } = originOf(log)
  const source = logs.get(fork_of?.execution_id ?? '')
  if (!fork_of || !source) return []
  const own = source.entries.filter((entry) => entry.seq <= fork_of.through_seq && isOfACall(entry))
  return [...sharedBy(source, logs), ...own]
}

const ANSWERS: readonly string[] = [
  'step.completed',
  'execution.resumed',
  'state.read',
  'state.changed',
  'state.refused',
  'signal.taken',
  'signal.expired',
  'child.returned',
]

function isOfACall(entry: Entry): boolean {
  if (entry.kind === 'emitted' || ANSWERS.includes(entry.type)) return true
  const { final, detached } = dataOf(entry)
  return (entry.type === 'step.failed' && final === true) || (entry.type === 'child.called' && detached === true)
}

const callIn = (entry: Entry): number =>
  entry.kind === 'emitted' ? (secretOf(entry)['ordinal'] as number) : dataOf(entry).ordinal

/** Who asked with one key was told one execution, and each was told to somebody. */
function whatWasTold(again: readonly AgainSeen[], logs: Map<string, ExecutionLog>): string[] {
  const saw: string[] = []
  const told = new Set<string>()
  for (const seen of again) {
    if ('refused' in seen.told) {
      const { refused } = seen.told
      const mayBe = refused === 'idempotency_conflict' ? seen.key !== null : REFUSALS.includes(refused)
      if (!mayBe) saw.push(`A ${seen.verb} of ${seen.of} was told ${refused}.`)
      continue
    }
    const { execution } = seen.told
    told.add(execution)
    const log = logs.get(execution)
    const { retry_of, fork_of } = log ? originOf(log) : {}
    const is = seen.verb === 'retry' ? retry_of : fork_of?.execution_id
    if (is !== seen.of) saw.push(`A ${seen.verb} of ${seen.of} was told ${execution}, which is none.`)
  }
  for (const [asked, seen] of Map.groupBy(
    again,
    (each) => `${each.verb} of ${each.of} with ${each.key}, ${each.through}`,
  )) {
    const answers = new Set(seen.map(({ told }) => ('execution' in told ? told.execution : told.refused)))
    // It may have come before the end of what it was to repeat.
    answers.delete('execution_not_final')
    if (answers.size > 1) saw.push(`A ${asked} was told ${[...answers].join(' and ')}.`)
  }
  const untold = [...logs.values()].filter((log) => sourceOf(log) !== null && !told.has(log.row.execution_id))
  return [...saw, ...untold.map(({ row }) => `${row.execution_id} was begun again, and nobody asked for it.`)]
}

const REFUSALS = ['execution_not_final', 'session_closed', 'fork_point_unknown']

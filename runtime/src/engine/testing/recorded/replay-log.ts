// Replays the executions of a recorded log, and tells what came out otherwise than it did then.

import type { ExecutionId, Failure, IntentId } from '@biplane/protocol'
import type { IntentDefinition, Realm } from '@biplane/realm'
import type { Divergence, Recorded, Turn } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import type { Entry, ExecutionRow } from '../../../store/port.ts'
import { catalogueOf } from '../../catalogue.ts'
import { decideEnding } from '../../ending.ts'
import { type History, callId } from '../../history.ts'
import { identityOf } from '../../identity.ts'
import { type ExecutionLog, historyOf } from '../../load-history.ts'
import { runnableOf } from '../../runnable.ts'

interface Replayed {
  row: ExecutionRow
  definition: IntentDefinition
  payload: unknown
  own: readonly Entry[]
  /** Of the whole log. */
  history: History
}

/**
 * Each execution is replayed from its whole log, and from every prefix of it with the rest handed over afterwards. Empty if its
 * handler does each time what it did then.
 */
export async function problemsOf(log: readonly Entry[], realm: Realm): Promise<string[]> {
  const problems: string[] = []
  for (const own of Map.groupBy(log, ({ execution_id }) => execution_id).values()) {
    const [first] = own
    if (!first?.execution_id) continue
    // What was superseded never ran.
    if (!own.some(({ type }) => type === 'execution.started')) continue
    const row = rowOf(first)
    const history = await historyOf(logUpTo(log, row, own.length), row.execution_id)
    const runnable = runnableOf(catalogueOf([realm]), row, history)
    if ('error' in runnable) problems.push(`${row.intent_type}: ${runnable.error.message}`)
    else problems.push(...(await problemsOfOne({ row, own, history, ...runnable }, log)))
  }
  return problems
}

async function problemsOfOne(replayed: Replayed, log: readonly Entry[]): Promise<string[]> {
  const { row, own, history } = replayed
  const problems = await problemsOfWhole(replayed)
  for (let entries = 1; entries < own.length; entries++) {
    const { records } = await historyOf(logUpTo(log, row, entries), row.execution_id)
    const { turn, diverged } = await replay(replayed, [records, history.records.slice(records.length)])
    const wrong = diverged?.message ?? wrongEnding(replayed, turn)
    if (wrong) problems.push(`${row.intent_type} after ${entries} of ${own.length} entries: ${wrong}`)
  }
  return problems
}

async function problemsOfWhole(replayed: Replayed): Promise<string[]> {
  const { row, history } = replayed
  const { run, turn, diverged } = await replay(replayed, [history.records])
  const wrong = diverged?.message ?? wrongEnding(replayed, turn)
  const problems = wrong ? [wrong] : []
  const answered = new Set(history.records.flatMap((record) => (record.kind === 'answer' ? [callId(record.call)] : [])))
  for (const ask of turn.asks) if (answered.has(callId(ask))) problems.push(`"${ask.name}" was answered and waits.`)
  for (const note of turn.notes) problems.push(`"${note.name}" is noted and not in the log.`)
  const undoable = new Set(run.undoable.map(callId))
  for (const [id, { call, undone }] of history.steps) {
    if (undone && !undoable.has(id)) problems.push(`"${call.name}" was undone, and no undo of it is found.`)
  }
  return problems.map((problem) => `${row.intent_type}: ${problem}`)
}

/** Hands over the parts one after the other. */
async function replay(replayed: Replayed, parts: readonly (readonly Recorded[])[]) {
  const { row, definition, payload, history } = replayed
  let diverged: Divergence | null = null
  const run = new Run(
    definition,
    payload,
    identityOf(row, history, () => {}),
    (stray) => {
      diverged ??= stray
    },
  )
  let turn: Turn = { asks: [], notes: [], outcome: null }
  for (const part of parts) {
    turn = await run.advance(part)
    if (turn.outcome?.kind === 'diverged') diverged ??= turn.outcome.divergence
  }
  return { run, turn, diverged }
}

/** How the handler ends otherwise than its log says; null if it does not. */
function wrongEnding({ definition, own, history }: Replayed, { outcome }: Turn): string | null {
  const ending = decideEnding(definition, outcome, history.cancel, null)
  const now =
    ending.kind === 'complete'
      ? { type: 'execution.completed', result: JSON.parse(ending.result) as unknown }
      : ending.kind === 'undo'
        ? { type: `execution.${ending.as}`, ...(ending.as === 'failed' ? { error: ending.cause } : {}) }
        : { type: ending.kind, error: ending.error }
  const last = own.at(-1) as Entry
  const { result, error } = JSON.parse(last.data) as { result?: unknown; error?: Failure }
  const then = { type: last.type, ...(result === undefined ? {} : { result }), ...(error ? { error } : {}) }
  const [was, is] = [JSON.stringify(then), JSON.stringify(now)]
  return was === is ? null : `it ended as ${was}, and now as ${is}`
}

/** The log, as far as that execution had come after so many entries of its own. */
function logUpTo(log: readonly Entry[], { execution_id }: ExecutionRow, entries: number): ExecutionLog {
  const of = (execution: ExecutionId) => log.filter((entry) => entry.execution_id === execution)
  return {
    readExecution: async (execution, after, limit) =>
      of(execution)
        .slice(0, execution === execution_id ? entries : undefined)
        .filter(({ seq }) => seq > after)
        .slice(0, limit),
  }
}

/** Of the execution that an `intent.accepted` begins. */
function rowOf({ tenant_id, session_id, execution_id, time_ms, data }: Entry): ExecutionRow {
  const accepted = JSON.parse(data) as { intent_id: IntentId; intent_type: string; realm_version: string }
  return {
    tenant_id,
    execution_id: execution_id as ExecutionId,
    intent_id: accepted.intent_id,
    session_id,
    intent_type: accepted.intent_type,
    realm: accepted.intent_type.split('.')[0] ?? '',
    realm_version: accepted.realm_version,
    status: 'running',
    compensated: false,
    created_ms: time_ms,
    ended_ms: null,
    parent_id: null,
    parent_ordinal: null,
    began_ms: null,
    rate_lane: null,
  }
}

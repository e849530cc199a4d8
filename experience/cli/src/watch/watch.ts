// Follows one execution, and what it calls, to its end. It survives whatever lies between: the client keeps the place in the log.

import { type Event, type Execution, isFinal } from '@biplane/protocol'

import type { Task } from '../command.ts'
import type { Channel, Output } from '../terminal/output.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { bad, careful, dim, good } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { durationOf } from '../terminal/words.ts'
import { isEnding } from './event-type.ts'
import { Questions } from './questions.ts'
import { followLog, readLog, tailOf } from './read-log.ts'
import { type TellOptions, Teller } from './teller.ts'

/** A person may have let it go on since. */
const STOPS = ['execution.paused', 'execution.parked']
/** Executions below the one that is followed, which are told of too. */
const FAMILY_MAX = 10_000

export interface WatchOptions extends Partial<TellOptions> {
  /** A place in the log of its session. Default: its start. */
  from?: string
  /** Then it is left. */
  waitMs?: number
}

export interface Watched {
  /** As it is now: at its end, if it was not left before. */
  execution: Execution
  /** Milliseconds of each step, by its name. */
  steps: Map<string, number>
}

interface Followed {
  session_id: string
  execution_id: string
}

/** Resolves when the execution has ended, waits for a person who must look, or is left. */
export async function watch(task: Task, followed: Followed, options: WatchOptions = {}): Promise<Watched> {
  const { client, out } = task
  const steps = new Map<string, number>()
  const leaving = new AbortController()
  const signals = [leaving.signal, ...(options.waitMs === undefined ? [] : [AbortSignal.timeout(options.waitMs)])]
  const signal = AbortSignal.any(signals)
  const questions = new Questions(task, (why) => leaving.abort(why ?? LEFT))
  try {
    await follow(task, followed, { options, signal, steps, questions })
  } catch (error) {
    if (!signal.aborted || (error !== LEFT && error !== signals[1]?.reason)) throw error
  } finally {
    out.endProgress()
    await questions.end()
  }
  const execution = await client.execution(followed.execution_id)
  if (isFinal(execution.status)) tellEnd(out, execution, options.channel ?? 'notes')
  return { execution, steps }
}

/** The reason of who leaves a question for later. */
const LEFT = new Error('left')

interface Following {
  options: WatchOptions
  signal: AbortSignal
  steps: Watched['steps']
  questions: Questions
}

async function follow(task: Task, followed: Followed, { options, signal, steps, questions }: Following): Promise<void> {
  const { execution_id } = followed
  const { from, channel = 'notes', ...how } = options
  const family = new Set([execution_id])
  const said = new Map<string, { type: string; data: unknown }>()
  const teller = new Teller(task.out, { of: execution_id, ...how, channel })
  for await (const event of eventsOf(task, followed, from, signal)) {
    if (!('execution_id' in event) || !family.has(event.execution_id)) continue
    teller.tell(event)
    if (event.kind === 'emitted') said.set(event.execution_id, event)
    if (event.kind === 'child' && event.type === 'child.called' && family.size < FAMILY_MAX) {
      family.add(event.data.child_execution_id)
    }
    if (event.kind === 'signal') await meetSignal(task, event, said.get(event.execution_id), questions)
    if (event.execution_id !== execution_id) continue
    if (event.type === 'step.completed' && event.kind === 'step') steps.set(event.data.name, event.data.duration_ms)
    if (isEnding(event)) return
    if (STOPS.includes(event.type) && (await isStopped(task, execution_id))) return
  }
}

/** Those of its session, until it is sure that the end of the execution has come. */
async function* eventsOf(
  task: Task,
  { session_id, execution_id }: Followed,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  // `now` is made a place before the look at how it stands, so that an end between the two is seen by one of them.
  const offset = from === 'now' ? await tailOf(task, session_id) : (from ?? '-1')
  // From the start on, its end is in there or still to come.
  const hasEnded = from !== undefined && isFinal((await task.client.executionStatus(execution_id)).status)
  yield* hasEnded ? readLog(task, session_id, offset) : followLog(task, session_id, offset, signal)
}

async function meetSignal(
  task: Task,
  { type, execution_id, data }: Extract<Event, { kind: 'signal' }>,
  evidence: { type: string; data: unknown } | undefined,
  questions: Questions,
): Promise<void> {
  if (type === 'signal.taken' || type === 'signal.expired') return questions.withdraw(execution_id, data.ordinal)
  if (type !== 'signal.awaited') return
  // It may have been decided long ago: this log is read from its start.
  const { awaits } = await task.client.execution(execution_id)
  const awaited = awaits.find(({ ordinal }) => ordinal === data.ordinal)
  if (awaited === undefined) return
  if (awaited.approval !== undefined && task.out.isInteractive) {
    return questions.ask({ execution_id, awaited, evidence })
  }
  const name = shellWord(plain(awaited.name))
  const verbs = awaited.approval === undefined ? ['signal'] : ['approve', 'refuse']
  for (const verb of verbs) task.out.notice(dim(`    ${task.again(`${verb} ${execution_id} ${name}`)}`))
}

async function isStopped({ client }: Task, execution: string): Promise<boolean> {
  const { status } = await client.executionStatus(execution)
  return status === 'paused' || status === 'parked'
}

function tellEnd(out: Output, execution: Execution, channel: Channel): void {
  const { status, error, created_at, ended_at, compensated } = execution
  const took = durationOf(Date.parse(ended_at ?? created_at) - Date.parse(created_at))
  if (status === 'completed') return out.say(channel, `  ${good('completed')} in ${took}`)
  const back = compensated ? '; what was done is taken back' : ''
  const why = error === null ? '' : `: ${plain(error.message)} ${dim(`(${plain(error.code)})`)}`
  const mark = status === 'failed' ? bad : careful
  out.say(channel, `  ${mark(status)} after ${took}${back}${why}`)
}

// What becomes of an intent that was accepted: its id is handed back at once, or it is followed to its end and its result printed.

import type { AcceptedIntent, Execution } from '@biplane/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'

import type { Task } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { executionRecord } from '../look/execution-record.ts'
import { nextSteps } from '../look/next-steps.ts'
import { withLocalMoments } from '../terminal/moment.ts'
import { recordsOf } from '../terminal/records.ts'
import { careful, dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { watch } from '../watch/watch.ts'

/** Of each table in a result. */
const RESULT_ROWS_MAX = 20
/** A week: longer than a timer of this process should be trusted for. */
const WAIT_SECONDS_MAX = 604_800

export interface FollowOptions {
  detach?: boolean
  /** Seconds. */
  wait?: number
  /** A place in the log of the session before which there is nothing of it. */
  from?: string | null
}

/** Shows a result to a person. */
export type TellResult = (task: Task, result: unknown) => void

export const addFollowOptions = (command: Command): Command =>
  command
    .addOption(new Option('-d, --detach', 'return at once, with the id of the execution').conflicts('wait'))
    .option('--wait <seconds>', 'follow for at most this long', parseSeconds)
    // What happens anyway; said by who wants to be sure.
    .addOption(new Option('-f, --follow').hideHelp())

/** Answers the exit code. */
export async function seeThrough(
  task: Task,
  accepted: AcceptedIntent,
  { detach = false, wait, from = null }: FollowOptions,
  tell: TellResult = tellResult,
): Promise<number> {
  const { out } = task
  const { execution_id, intent_id, session_id, status } = accepted
  out.record({ type: 'accepted', intent_id, execution_id, session_id, status })
  task.comeBack = `It goes on; see what becomes of it: ${task.again(`follow ${execution_id}`)}`
  if (detach) {
    out.line(execution_id)
    out.note(dim(task.comeBack))
    return EXIT.done
  }
  const { execution } = await watch(task, accepted, {
    ...(from === null ? {} : { from }),
    ...(wait === undefined ? {} : { waitMs: wait * 1_000 }),
  })
  out.record({ type: 'execution', execution: executionRecord(execution) })
  if (execution.status === 'completed') tell(task, execution.result)
  else if (exitCodeOf(execution.status) === EXIT.notEnded) tellOngoing(task, execution)
  for (const line of nextSteps(task, execution)) out.note(dim(`  ${line}`))
  return exitCodeOf(execution.status)
}

function tellOngoing({ out, comeBack }: Task, { status, waits_for }: Execution): void {
  out.note(careful(`  It is ${status}${waits_for === null ? '' : `: for ${withLocalMoments(plain(waits_for))}`}.`))
  if (comeBack !== null) out.note(dim(`  ${comeBack}`))
}

const tellResult: TellResult = ({ out }, result) => {
  for (const line of recordsOf(result, { columns: out.columns, rowsMax: RESULT_ROWS_MAX })) out.line(line)
}

/** @throws InvalidArgumentError */
function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds > 0 && seconds <= WAIT_SECONDS_MAX) return seconds
  throw new InvalidArgumentError(`It must be a number of seconds above 0 and up to ${WAIT_SECONDS_MAX}.`)
}

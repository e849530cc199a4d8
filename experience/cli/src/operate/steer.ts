// biplane cancel, pause, resume, settle EXECUTION: what a person does to one that has not ended. Doing it again changes nothing.

import type { ExecutionStatus } from '@biplane/protocol'
import { isFinal } from '@biplane/protocol'
import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { parseExecution } from '../ids.ts'
import { dim } from '../terminal/style.ts'
import { parseOrdinal } from './ordinal.ts'

export interface Because {
  reason?: string
}

export const addReason = (command: Command): Command =>
  command.argument('<execution>', 'exe_…', parseExecution).option('--reason <text>', 'why, for those who read the log')

export const addCancel = (program: Command): Command =>
  addReason(program.command('cancel'))
    .description('end an execution, and undo what its steps did')
    .option('--kill', 'do not wake its handler: undo alone')
    .action((id: string, { kill = false, ...because }: Because & { kill?: boolean }, command: Command) =>
      run(command, (task) => tell(task, task.client.cancel(id, { ...because, ...(kill ? { mode: 'kill' } : {}) }))),
    )

export const addPause = (program: Command): Command =>
  addReason(program.command('pause'))
    .description('stop an execution where it is')
    .action((id: string, because: Because, command: Command) =>
      run(command, (task) => tell(task, task.client.pause(id, because))),
    )

export const addResume = (program: Command): Command =>
  addReason(program.command('resume'))
    .description('let a paused execution go on, or a parked one try again')
    .action((id: string, because: Because, command: Command) =>
      run(command, (task) => tell(task, task.client.resume(id, because))),
    )

export const addSettle = (program: Command): Command =>
  addReason(program.command('settle'))
    .description('settle a parked execution by hand: one of its undos, or all of it as it is')
    .option('--step <ordinal>', 'the step that was undone by hand; absent: it ends as it is', parseOrdinal)
    .action((id: string, options: Because & { step?: number }, command: Command) =>
      run(command, (task) => tell(task, task.client.settle(id, options))),
    )

/** Asked for is done with; what becomes of it is told by its log. */
async function tell({ out, again }: Task, asked: Promise<ExecutionStatus>): Promise<number> {
  const status = await asked
  out.record({ type: 'status', ...status })
  out.line(status.status)
  const isOver = isFinal(status.status) || status.status === 'paused'
  if (!isOver) out.note(dim(`See what becomes of it: ${again(`follow ${status.execution_id}`)}`))
  return EXIT.done
}

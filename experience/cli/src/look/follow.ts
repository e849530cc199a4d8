// biplane follow SESSION|EXECUTION

import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { agoOf, clockOf } from '../terminal/moment.ts'
import { bold, dim } from '../terminal/style.ts'
import { followLog } from '../watch/read-log.ts'
import { Teller } from '../watch/teller.ts'
import { watch } from '../watch/watch.ts'
import { executionRecord } from './execution-record.ts'
import { addLogOptions, isExecution, type LogOptions } from './log-options.ts'
import { nextSteps } from './next-steps.ts'

export const addFollow = (program: Command): Command =>
  addLogOptions(program.command('follow'))
    .description('show what happens in a session or an execution, from its beginning on, in words')
    .action((id: string, options: LogOptions, command: Command) =>
      run(command, (task) => (isExecution(id) ? followExecution(task, id, options) : followSession(task, id, options))),
    )

async function followExecution(task: Task, id: string, { from, type: types }: LogOptions): Promise<number> {
  const { client, out, again } = task
  const begun = await client.execution(id)
  task.comeBack = `Come back with: ${again(`follow ${id}`)}`
  out.line(`${bold(begun.intent_type)} ${dim(`begun ${agoOf(begun.created_at)}, in ${begun.session_id}`)}`)
  const options = { channel: 'data', clock: true, types, ...(from === undefined ? {} : { from }) } as const
  const { execution } = await watch(task, begun, options)
  out.record({ type: 'execution', execution: executionRecord(execution) })
  for (const line of nextSteps(task, execution)) out.note(dim(`  ${line}`))
  return exitCodeOf(execution.status)
}

/** Until the session is closed. */
async function followSession(task: Task, id: string, { from = '-1', type: types }: LogOptions): Promise<number> {
  const { out, again } = task
  const teller = new Teller(out, { channel: 'data', clock: true, types })
  for await (const event of followLog(task, id, from)) {
    teller.tell(event)
    task.comeBack = `Come back with: ${again(`follow ${id} --from ${event.seq}`)}`
    if (event.type === 'session.closed') out.line(`${dim(clockOf(event.time))} the session is closed`)
  }
  return EXIT.done
}

// biplane follow SESSION|EXECUTION

import type { Command } from 'commander'

import { type Task, run } from './command.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { bold, dim } from './output.ts'
import { tellEvent, tellReconnect, watch } from './watch.ts'

interface Options {
  offset?: string
}

export const addFollow = (program: Command): Command =>
  program
    .command('follow')
    .description('show what happens in a session or an execution, from its beginning on')
    .argument('<id>', 'ses_… or exe_…')
    .option('--offset <offset>', 'of a session: go on behind this place of its log; "now" for what is to come')
    .action((id: string, options: Options, command: Command) =>
      run(command, (task) => (id.startsWith('exe_') ? followExecution(task, id) : followSession(task, id, options))),
    )

async function followExecution(task: Task, id: string): Promise<number> {
  const execution = await task.client.execution(id)
  task.out.line(`${bold(execution.intent_type)} ${dim(`in ${execution.session_id}`)}`)
  return exitCodeOf((await watch(task, execution)).execution.status)
}

/** Until the session is closed. */
async function followSession({ client, out }: Task, id: string, { offset }: Options): Promise<number> {
  const from = offset === undefined ? {} : { offset }
  for await (const { event } of client.follow(id, { ...from, onReconnect: (lost) => tellReconnect(out, lost) })) {
    if (event.type === 'intent.accepted' && event.kind === 'lifecycle') out.line(bold(event.data.intent_type))
    tellEvent(out, event)
  }
  out.line(dim('The session is closed.'))
  return EXIT.done
}

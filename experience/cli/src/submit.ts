// biplane submit TYPE [PAYLOAD]: any intent there is.

import type { Command } from 'commander'

import { type Task, run } from './command.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { dim } from './output.ts'
import { addFile, parsePayload } from './payload.ts'
import { sendFile } from './send-file.ts'
import { watch } from './watch.ts'

interface Options {
  follow?: boolean
  session?: string
  file: Record<string, string>
}

export const addSubmit = (program: Command): Command =>
  program
    .command('submit')
    .description('ask for something to be done, by the type of its intent')
    .argument('<type>', 'such as hello.greet')
    .argument('[payload]', 'as JSON', parsePayload, {})
    .option('-f, --follow', 'show what becomes of it')
    .option('--session <id>', 'the session it belongs to; a new one if absent')
    .option('--file <field=path>', 'a file as a field of the payload; may be repeated', addFile, {})
    .action((type: string, payload: object, options: Options, command: Command) =>
      run(command, (task) => submit(task, type, payload, options)),
    )

async function submit(task: Task, type: string, payload: object, { file, follow, session }: Options): Promise<number> {
  const { client, out } = task
  const files: Record<string, unknown> = {}
  for (const [field, path] of Object.entries(file)) files[field] = await sendFile(task, path)
  const sessionId = session ?? (await client.createSession()).session_id
  const accepted = await client.submit({ type, sessionId, payload: { ...payload, ...files } })
  out.record({ type: 'accepted', ...accepted })
  if (follow !== true) {
    out.line(`accepted as ${accepted.execution_id}`)
    out.line(dim(`see what becomes of it: npx biplane follow ${accepted.execution_id}`))
    return EXIT.done
  }
  const { execution } = await watch(task, accepted)
  if (execution.status === 'completed') out.line(JSON.stringify(execution.result, null, 2))
  return exitCodeOf(execution.status)
}

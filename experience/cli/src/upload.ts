// biplane upload FILE…

import type { Command } from 'commander'

import { type Task, run } from './command.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { bold, careful, dim } from './output.ts'
import { sendFile } from './send-file.ts'
import { watch } from './watch.ts'
import { count, plural, sizeOf } from './words.ts'

interface Options {
  follow?: boolean
  session?: string
}

/** Of the result of content.upload, what is shown. */
export interface UploadResult {
  content_id: string
  rows: { in: number; landed: number; rejected: number }
  rejected_cells: number
  warnings: { message: string }[]
}

export const addUpload = (program: Command): Command =>
  program
    .command('upload')
    .description('upload tables: CSV, TSV, JSON or NDJSON')
    .argument('<file...>', 'files of this machine')
    .option('-f, --follow', 'show what becomes of them')
    .option('--session <id>', 'the session it belongs to; a new one if absent')
    .action((files: string[], options: Options, command: Command) =>
      run(command, async (task) => {
        const session_id = options.session ?? (await task.client.createSession()).session_id
        let code: number = EXIT.done
        for (const file of files) {
          // The first that did not go well tells.
          const ended = await upload(task, file, session_id, options.follow ?? false)
          code = code === EXIT.done ? ended : code
        }
        return code
      }),
    )

async function upload(task: Task, path: string, sessionId: string, follow: boolean): Promise<number> {
  const { client, out } = task
  const file = await sendFile(task, path)
  out.line(`${bold(file.name ?? path)} ${dim(sizeOf(file.size ?? 0))}`)
  const accepted = await client.submit({ type: 'content.upload', sessionId, payload: { file } })
  out.record({ type: 'accepted', file: path, ...accepted })
  if (!follow) {
    out.line(`  accepted as ${accepted.execution_id}`)
    out.line(dim(`  see what becomes of it: npx biplane follow ${accepted.execution_id}`))
    return EXIT.done
  }
  const { execution } = await watch(task, accepted)
  if (execution.status === 'completed') tellUpload(task, execution.result as unknown as UploadResult)
  return exitCodeOf(execution.status)
}

export function tellUpload({ out }: Task, { content_id, rows, rejected_cells, warnings }: UploadResult): void {
  const parts = `${count(rows.landed)} landed + ${count(rows.rejected)} rejected`
  out.line(`  ${plural(rows.in, 'row')} = ${parts}; ${plural(rejected_cells, 'cell')} rejected`)
  for (const { message } of warnings) out.paragraph(`  ${careful('!')} `, message)
  out.line(`  content ${bold(content_id)}`)
}

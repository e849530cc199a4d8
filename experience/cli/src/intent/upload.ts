// biplane upload FILE…: the everyday way to `content upload`, for several files at once.

import type { Command } from 'commander'

import { sendFile } from '../artifact/send-file.ts'
import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { bold, careful, dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { count, plural, sizeOf } from '../terminal/words.ts'
import { type SubmitOptions, addSubmitOptions, submit } from './submit.ts'

/** Of the result of content.upload, what is shown. */
export interface UploadResult {
  content_id: string
  rows: { in: number; landed: number; rejected: number }
  rejected_cells: number
  warnings: { message: string }[]
}

export const addUpload = (program: Command): Command =>
  addSubmitOptions(program.command('upload'))
    .description('upload tables: CSV, TSV, JSON or NDJSON')
    .argument('<file...>', 'files of this machine')
    .action((files: string[], options: SubmitOptions, command: Command) =>
      run(command, (task) => uploadAll(task, files, options)),
    )

/** All in one session. The first that does not go well tells the exit code. */
async function uploadAll(task: Task, files: readonly string[], options: SubmitOptions): Promise<number> {
  const { idempotencyKey: key } = options
  const session =
    options.session ?? (await task.client.createSession(key ? { idempotencyKey: `${key}.session` } : {})).session_id
  let code: number = EXIT.done
  for (const [i, path] of files.entries()) {
    const file = await sendFile(task, path)
    task.out.note(`${bold(plain(file.name ?? path))} ${dim(sizeOf(file.size ?? 0))}`)
    // Each is an intent of its own, and so needs a key of its own.
    const keyed = key === undefined ? {} : { idempotencyKey: files.length === 1 ? key : `${key}.${i + 1}` }
    const tell = (_task: Task, result: unknown) => tellUpload(task, result as UploadResult)
    const ended = await submit(task, 'content.upload', { file }, { ...options, session, ...keyed }, tell)
    code = code === EXIT.done ? ended : code
  }
  return code
}

export function tellUpload({ out }: Task, { content_id, rows, rejected_cells, warnings }: UploadResult): void {
  const parts = `${count(rows.landed)} landed + ${count(rows.rejected)} rejected`
  out.line(`  ${plural(rows.in, 'row')} = ${parts}; ${plural(rejected_cells, 'cell')} rejected`)
  for (const { message } of warnings) out.paragraph(`  ${careful('!')} `, plain(message))
  out.line(`  content ${bold(content_id)}`)
}

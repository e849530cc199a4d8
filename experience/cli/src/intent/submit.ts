// biplane submit TYPE [PAYLOAD]: any intent there is. And what every command that submits does: send, then see it through.

import type { Command } from 'commander'

import { sendFile } from '../artifact/send-file.ts'
import { type Task, run } from '../command.ts'
import { parseSession } from '../ids.ts'
import { tailOf } from '../watch/read-log.ts'
import { addFile, addPayloadOption, parsePayload, readPayload } from './payload.ts'
import { type FollowOptions, type TellResult, addFollowOptions, seeThrough } from './see-through.ts'

export interface SubmitOptions extends FollowOptions {
  session?: string
  idempotencyKey?: string
}

export const addSubmitOptions = (command: Command): Command =>
  addFollowOptions(
    command
      .option('--session <session>', 'the session it belongs to; a new one if absent', parseSession)
      .option('--idempotency-key <key>', 'called again with the same key, it does not run twice'),
  )

/** Answers the exit code. */
export async function submit(
  task: Task,
  type: string,
  payload: object,
  options: SubmitOptions,
  tell?: TellResult,
): Promise<number> {
  const { session, idempotencyKey } = options
  // A session may have a long log, which says nothing of what is only now to be submitted; what has a key may be there already.
  const isNew = session !== undefined && idempotencyKey === undefined && options.detach !== true
  const from = isNew ? await tailOf(task, session) : null
  const { intent_id, execution_id, session_id } = await task.client.submit(type, payload, {
    ...(session === undefined ? {} : { sessionId: session }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  return seeThrough(task, { intent_id, execution_id, session_id, status: 'accepted' }, { ...options, from }, tell)
}

interface Options extends SubmitOptions {
  file: Record<string, string>
  payload?: string
}

export const addSubmit = (program: Command): Command =>
  addPayloadOption(addSubmitOptions(program.command('submit')))
    .description('ask for something to be done, by the type of its intent')
    .argument('<intent-type>', 'such as content.upload')
    .argument('[payload]', 'as JSON', parsePayload)
    .option('--file <field=path>', 'a file as a field of the payload; may be repeated', addFile, {})
    .action((type: string, payload: object | undefined, options: Options, command: Command) =>
      run(command, (task) => submitTyped(task, type, payload, options)),
    )

async function submitTyped(task: Task, type: string, typed: object = {}, options: Options): Promise<number> {
  const read = options.payload === undefined ? {} : await readPayload(options.payload)
  const files: Record<string, unknown> = {}
  for (const [field, path] of Object.entries(options.file)) files[field] = await sendFile(task, path)
  return submit(task, type, { ...read, ...typed, ...files }, options)
}

// biplane query TYPE [PAYLOAD]: any query there is. And what every command that asks does: ask, then show the answer.

import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { parseSession } from '../ids.ts'
import { EXIT } from '../exit-code.ts'
import { recordsOf } from '../terminal/records.ts'
import { addPayloadOption, parsePayload, readPayload } from './payload.ts'

export interface QueryOptions {
  session?: string
}

export const addQueryOptions = (command: Command): Command =>
  command.option('--session <session>', 'the session it is about, if it is about one', parseSession)

/** Answers the exit code. */
export async function ask(task: Task, type: string, payload: object, { session }: QueryOptions): Promise<number> {
  const { client, out } = task
  const answer = await client.query(type, payload, session === undefined ? {} : { sessionId: session })
  out.record({ type: 'answer', answer })
  const page = { columns: out.columns, rowsMax: Number.POSITIVE_INFINITY }
  for (const line of recordsOf(answer, page)) out.line(line)
  return EXIT.done
}

interface Options extends QueryOptions {
  payload?: string
}

export const addQuery = (program: Command): Command =>
  addPayloadOption(addQueryOptions(program.command('query')))
    .description('read something, by the type of its query')
    .argument('<query-type>', 'such as content.list')
    .argument('[payload]', 'as JSON', parsePayload)
    .action((type: string, typed: object | undefined, options: Options, command: Command) =>
      run(command, async (task) => {
        const read = options.payload === undefined ? {} : await readPayload(options.payload)
        return ask(task, type, { ...read, ...typed }, options)
      }),
    )

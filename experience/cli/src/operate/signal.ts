// biplane signal EXECUTION NAME [PAYLOAD]

import type { Command } from 'commander'

import { run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { addPayloadOption, parseJson, readJson } from '../intent/payload.ts'
import { dim } from '../terminal/style.ts'
import { type Because, addReason } from './steer.ts'

interface Options extends Because {
  id?: string
  payload?: string
}

export const addSignal = (program: Command): Command =>
  addPayloadOption(addReason(program.command('signal')))
    .description('tell an execution something that it waits for, or will')
    .argument('<name>', 'of the signal')
    .argument('[payload]', 'as JSON', parseJson)
    .option('--id <id>', 'an execution takes each id once')
    .action((id: string, name: string, typed: unknown, options: Options, command: Command) =>
      run(command, async ({ client, out, again }) => {
        const { payload: file, ...others } = options
        const payload = file === undefined ? typed : await readJson(file)
        const status = await client.signal(id, name, { ...others, ...(payload === undefined ? {} : { payload }) })
        out.record({ type: 'status', ...status })
        out.line(`sent as ${status.signal_id}`)
        out.note(dim(`See what becomes of it: ${again(`follow ${id}`)}`))
        return EXIT.done
      }),
    )

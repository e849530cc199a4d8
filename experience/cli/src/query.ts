// biplane query TYPE [PAYLOAD]: any query there is.

import type { Command } from 'commander'

import { run } from './command.ts'
import { EXIT } from './exit-code.ts'
import { parsePayload } from './payload.ts'

export const addQuery = (program: Command): Command =>
  program
    .command('query')
    .description('read something, by the type of its query')
    .argument('<type>', 'such as hello.greetings')
    .argument('[payload]', 'as JSON', parsePayload, {})
    .option('--session <id>', 'the session it is about, if it is about one')
    .action((type: string, payload: object, { session }: { session?: string }, command: Command) =>
      run(command, async ({ client, out }) => {
        const about = session === undefined ? {} : { sessionId: session }
        const answer = await client.query<unknown>({ type, payload, ...about })
        out.record({ type: 'answer', answer })
        out.line(JSON.stringify(answer, null, 2))
        return EXIT.done
      }),
    )

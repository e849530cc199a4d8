// biplane token: a short-lived token for a program or a page, from the gateway.

import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

import { type Task, run } from './command.ts'
import { EXIT } from './exit-code.ts'
import { parseSession } from './ids.ts'
import { aheadOf } from './terminal/moment.ts'
import { dim } from './terminal/style.ts'

const EXPIRES_SECONDS_MAX = 3_600

interface Options {
  session?: string
  scope: string[]
  expiresIn?: number
}

export const addToken = (program: Command): Command =>
  program
    .command('token')
    .description('get a short-lived token, for a program or a page that should not have your own')
    .option('--session <session>', 'one that sees and touches this session alone', parseSession)
    .option('--scope <scope>', 'only this of what you may do, such as event:read; may be repeated', addScope, [])
    .option('--expires-in <seconds>', `how long it holds, up to ${EXPIRES_SECONDS_MAX}`, parseExpiry)
    .action((options: Options, command: Command) => run(command, (task) => token(task, options)))

async function token({ client, out }: Task, { session, scope, expiresIn }: Options): Promise<number> {
  const { token, expires_at } = await client.createToken({
    ...(session === undefined ? {} : { sessionId: session }),
    ...(scope.length === 0 ? {} : { scopes: scope }),
    ...(expiresIn === undefined ? {} : { expiresInSeconds: expiresIn }),
  })
  out.record({ type: 'token', token, expires_at })
  out.line(token)
  out.note(dim(`It ends ${aheadOf(expires_at)}.`))
  return EXIT.done
}

const addScope = (scope: string, scopes: string[]): string[] => [...scopes, scope]

function parseExpiry(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= EXPIRES_SECONDS_MAX) return seconds
  throw new InvalidArgumentError(`It must be a whole number of seconds, from 1 to ${EXPIRES_SECONDS_MAX}.`)
}

// biplane sessions, and what is done with one: create, close.

import type { Session } from '@biplane/protocol'
import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { parseSession } from '../ids.ts'
import { agoOf } from '../terminal/moment.ts'
import { dim } from '../terminal/style.ts'
import type { Cell } from '../terminal/table.ts'
import { type ListOptions, addListOptions, tellList } from './list.ts'

export function addSessions(program: Command): Command {
  const sessions = addListOptions(program.command('sessions'))
    .description('list sessions, newest first')
    .action((options: ListOptions, command: Command) => run(command, (task) => list(task, options)))
  sessions
    .command('create')
    .description('make a session, and print its id')
    .action((_options: object, command: Command) => run(command, create))
  sessions
    .command('close')
    .description('close a session: it takes no more intents, and its log ends when its last execution has')
    .argument('<session>', 'ses_…', parseSession)
    .option('--reason <text>', 'why, for those who read the log')
    .action((id: string, options: { reason?: string }, command: Command) =>
      run(command, (task) => close(task, id, options)),
    )
  return sessions
}

async function list(task: Task, options: ListOptions): Promise<number> {
  await tellList(task, options, {
    read: (page) => task.client.sessions(page),
    head: ['session', 'status', 'made', 'user'],
    row: rowOf,
    record: (session) => ({ type: 'session', session }),
    none: 'There is no session yet.',
  })
  return EXIT.done
}

const rowOf = ({ session_id, status, created_at, user_id }: Session): Cell[] => [
  session_id,
  status,
  agoOf(created_at),
  user_id ?? null,
]

async function create({ client, out }: Task): Promise<number> {
  const session = await client.createSession()
  out.record({ type: 'session', session })
  out.line(session.session_id)
  return EXIT.done
}

async function close({ client, out }: Task, id: string, options: { reason?: string }): Promise<number> {
  const session = await client.closeSession(id, options)
  out.record({ type: 'session', session })
  out.line(session.status)
  if (session.status === 'closing') out.note(dim('It is closed when its last execution has ended.'))
  return EXIT.done
}

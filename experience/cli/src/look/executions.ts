// biplane executions: a list, newest first.

import { type ExecutionSummary, STATUSES, type Status } from '@biplane/protocol'
import { type Command, Option } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { parseSession } from '../ids.ts'
import { agoOf } from '../terminal/moment.ts'
import type { Cell } from '../terminal/table.ts'
import { durationOf } from '../terminal/words.ts'
import { type ListOptions, addListOptions, tellList } from './list.ts'

interface Options extends ListOptions {
  status?: Status
  type?: string
  session?: string
}

export const addExecutions = (program: Command): Command =>
  addListOptions(program.command('executions'))
    .description('list executions, newest first')
    .addOption(new Option('--status <status>', 'only those that stand so').choices(STATUSES))
    .option('--type <intent-type>', 'only those of this intent')
    .option('--session <session>', 'only those of this session', parseSession)
    .action((options: Options, command: Command) => run(command, (task) => executions(task, options)))

async function executions(task: Task, options: Options): Promise<number> {
  const { status, type, session } = options
  const filter = {
    ...(status === undefined ? {} : { status }),
    ...(type === undefined ? {} : { intentType: type }),
    ...(session === undefined ? {} : { sessionId: session }),
  }
  await tellList(task, options, {
    read: (page) => task.client.executions({ ...filter, ...page }),
    head: ['execution', 'intent', 'status', 'begun', 'took', 'session'],
    row: rowOf,
    record: (execution) => ({ type: 'execution', execution }),
    none: 'There is no such execution.',
  })
  return EXIT.done
}

const rowOf = ({ execution_id, intent_type, status, created_at, ended_at, session_id }: ExecutionSummary): Cell[] => [
  execution_id,
  intent_type,
  status,
  agoOf(created_at),
  ended_at === undefined ? null : durationOf(Date.parse(ended_at) - Date.parse(created_at)),
  session_id,
]

// biplane logs SESSION|EXECUTION: the entries themselves, a line each.

import type { Event } from '@biplane/protocol'
import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { momentOf } from '../terminal/moment.ts'
import { dim } from '../terminal/style.ts'
import { cut, padded, plain, widthOf } from '../terminal/text.ts'
import { isEnding, isOfType } from '../watch/event-type.ts'
import { followLog, readLog } from '../watch/read-log.ts'
import { type LogOptions, addLogOptions, isExecution } from './log-options.ts'

const SEQ_COLUMNS = 6
const TYPE_COLUMNS = 20

interface Options extends LogOptions {
  follow?: boolean
}

export const addLogs = (program: Command): Command =>
  addLogOptions(program.command('logs'))
    .description('print the entries of the log of a session or an execution; with --json as they are')
    .option('-f, --follow', 'wait for what is to come')
    .action((id: string, options: Options, command: Command) => run(command, (task) => logs(task, id, options)))

async function logs(task: Task, id: string, options: Options): Promise<number> {
  const { client, out, again } = task
  const session = isExecution(id) ? (await client.execution(id)).session_id : id
  const { from: offset = '-1', follow = false, type: types } = options
  for await (const event of follow ? followLog(task, session, offset) : readLog(task, session, offset)) {
    task.comeBack = `Go on with: ${again(`logs ${id} --from ${event.seq}`)}`
    if (isExecution(id) && event.subject !== id) continue
    if (isOfType(event, types)) {
      out.record(event)
      out.line(lineOf(event, isExecution(id), out.columns))
    }
    if (isExecution(id) && isEnding(event)) break
  }
  return EXIT.done
}

function lineOf(event: Event, isOfOne: boolean, columns: number): string {
  const { seq, time, type, subject, data } = event
  const place = `${padded(String(seq), SEQ_COLUMNS, 'left')}  ${momentOf(time)}  `
  const what = padded(type, TYPE_COLUMNS)
  const whose = isOfOne || subject === event.session_id ? '' : `  ${subject}`
  const room = columns - widthOf(place) - widthOf(what) - widthOf(whose) - 2
  return `${dim(place)}${what}${dim(whose)}  ${cut(plain(JSON.stringify(data)), Math.max(room, TYPE_COLUMNS))}`
}

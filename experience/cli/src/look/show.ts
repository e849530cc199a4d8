// biplane show EXECUTION: how it stands, what it did, why it waits, and what a person can do about it.

import type { Child, Execution, Step } from '@biplane/protocol'
import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { exitCodeOf } from '../exit-code.ts'
import { parseExecution } from '../ids.ts'
import { agoOf, momentOf, withLocalMoments } from '../terminal/moment.ts'
import type { Output } from '../terminal/output.ts'
import { recordsOf } from '../terminal/records.ts'
import { bad, bold, careful, dim, good } from '../terminal/style.ts'
import { type Cell, tableOf } from '../terminal/table.ts'
import { padded, plain } from '../terminal/text.ts'
import { durationOf } from '../terminal/words.ts'
import { executionRecord, fieldsOf } from './execution-record.ts'
import { nextSteps } from './next-steps.ts'

const LABEL_COLUMNS = 9
const RESULT_ROWS_MAX = 10

interface Options {
  payload?: boolean
}

export const addShow = (program: Command): Command =>
  program
    .command('show')
    .alias('status')
    .description('show how an execution stands: steps, children, why it waits, what to do next')
    .argument('<execution>', 'exe_…', parseExecution)
    .option('--payload', 'the payload too, with its values')
    .action((id: string, { payload = false }: Options, command: Command) =>
      run(command, async (task) => {
        const { client, out } = task
        const execution = await client.execution(id)
        out.record({ type: 'execution', execution: payload ? execution : executionRecord(execution) })
        tell(task, execution, payload)
        return exitCodeOf(execution.status)
      }),
    )

function tell(task: Task, execution: Execution, withPayload: boolean): void {
  const { out } = task
  const { intent_type, status, execution_id, payload, result, steps, children } = execution
  out.line(`${bold(intent_type)}  ${statusWord(execution)}  ${dim(execution_id)}`)
  for (const [label, text] of factsOf(execution)) {
    out.paragraph(dim(`  ${padded(label, LABEL_COLUMNS)} `), text)
  }
  if (steps.length > 0) section(out, 'Steps', tableOf(STEP_HEAD, steps.map(stepRow), out.columns))
  if (children.length > 0) section(out, 'Children', tableOf(CHILD_HEAD, children.map(childRow), out.columns))
  if (withPayload) section(out, 'Payload', recordText(payload, out))
  if (status === 'completed' && result !== null) section(out, 'Result', recordText(result, out))
  const next = nextSteps(task, execution).filter((line) => !line.includes(' show '))
  if (next.length > 0) section(out, 'Next', next.map((line) => `  ${line}`).join('\n'))
}

const recordText = (value: unknown, { columns }: Output): string =>
  recordsOf(value, { columns: columns - 2, rowsMax: RESULT_ROWS_MAX })
    .map((line) => `  ${line}`)
    .join('\n')

function section(out: Output, title: string, text: string): void {
  out.line(`\n${bold(title)}`)
  out.line(text)
}

function statusWord({ status, compensated }: Execution): string {
  const colour = status === 'completed' ? good : status === 'failed' ? bad : careful
  return `${colour(status)}${compensated ? dim(', what was done is taken back') : ''}`
}

function factsOf(execution: Execution): [label: string, text: string][] {
  const { session_id, created_at, ended_at, error, waits_for, awaits, payload } = execution
  const took = ended_at === undefined ? '' : `, took ${durationOf(Date.parse(ended_at) - Date.parse(created_at))}`
  const facts: [string, string | undefined][] = [
    ['session', session_id],
    ['begun', `${agoOf(created_at)}${took}`],
    ['payload', fieldsOf(payload).map(plain).join(', ') || 'no fields'],
    ['called by', execution.parent_id],
    ['retry of', execution.retry_of],
    ['fork of', execution.fork_of],
    ['error', error === null ? undefined : `${bad('✖')} ${plain(error.message)} ${dim(`(${plain(error.code)})`)}`],
    ['waits for', waits_for === null || waits_for === error?.message ? undefined : withLocalMoments(plain(waits_for))],
    ...awaits.map(({ approval, until }): [string, string | undefined] => [
      'asks',
      approval &&
        plain(`${approval.title ?? 'for a decision'}${until === undefined ? '' : ` (until ${momentOf(until)})`}`),
    ]),
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined)
}

const STEP_HEAD = ['#', 'step', 'status', 'attempts', 'took', 'error']

const stepRow = ({ ordinal, name, key, status, attempts, duration_ms, error }: Step): Cell[] => [
  ordinal,
  key === undefined ? name : `${name}[${key}]`,
  status,
  attempts,
  duration_ms === undefined ? null : durationOf(duration_ms),
  error === undefined ? null : `${error.message} (${error.code})`,
]

const CHILD_HEAD = ['#', 'child', 'execution', 'status']

const childRow = ({ ordinal, intent_type, execution_id, detached, status }: Child): Cell[] => [
  ordinal,
  intent_type,
  execution_id,
  detached ? 'on its own' : (status ?? 'at work'),
]

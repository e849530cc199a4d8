// biplane status EXECUTION

import type { Execution, Step } from '@biplane/protocol'
import type { Command } from 'commander'

import { run } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { type Output, bad, bold, careful, dim, good } from './output.ts'
import { type Cell, tableOf } from './table.ts'
import { durationOf } from './words.ts'

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('show how an execution stands')
    .argument('<execution>', 'exe_…')
    .action((id: string, _options: object, command: Command) =>
      run(command, async ({ client, out }) => {
        const execution = await client.execution(id)
        out.record({ type: 'execution', execution })
        tell(out, execution)
        return exitCodeOf(execution.status)
      }),
    )

function tell(out: Output, execution: Execution): void {
  const { status, intent_type, session_id, created_at, ended_at, error, waits_for, steps } = execution
  const colour = status === 'completed' ? good : status === 'failed' ? bad : careful
  out.line(`${bold(intent_type)} ${colour(status)} ${dim(`in ${session_id}`)}`)
  out.line(
    dim(
      `begun ${new Date(created_at).toLocaleString()}${ended_at === undefined ? '' : `, took ${durationOf(Date.parse(ended_at) - Date.parse(created_at))}`}`,
    ),
  )
  if (error) out.line(`${bad('✖')} ${error.message} ${dim(`(${error.code})`)}`)
  if (waits_for !== null) out.line(`waits for: ${waits_for}`)
  if (steps.length > 0) out.line(`\n${tableOf(['step', 'status', 'attempts', 'took'], steps.map(rowOf), out.columns)}`)
}

const rowOf = ({ name, status, attempts, duration_ms }: Step): Cell[] => [
  name,
  status,
  attempts,
  duration_ms === undefined ? null : durationOf(duration_ms),
]

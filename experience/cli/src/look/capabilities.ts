// biplane capabilities [REALM|TYPE]: what the gateway can do, as commands.

import type { Capability } from '@biplane/protocol'
import type { Command } from 'commander'

import { CannotRun } from '../cannot-run.ts'
import { wordsOfType } from '../capability/example.ts'
import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { dim } from '../terminal/style.ts'
import { tableOf } from '../terminal/table.ts'

export const addCapabilities = (program: Command): Command =>
  program
    .command('capabilities')
    .description('list what the gateway can do, as commands')
    .argument('[realm-or-type]', 'only this realm, or this type: content, content.upload')
    .action((of: string | undefined, _options: object, command: Command) =>
      run(command, (task) => capabilities(task, of)),
    )

async function capabilities({ client, out, again }: Task, of: string | undefined): Promise<number> {
  const catalogue = await client.capabilities()
  const found = catalogue.capabilities.filter((capability) => of === undefined || isOf(capability, of))
  if (of !== undefined && found.length === 0) {
    throw new CannotRun(`There is no realm or type ${of}.`, `See all: ${again('capabilities')}`, EXIT.notFound)
  }
  for (const capability of found) out.record({ type: 'capability', capability })
  if (found.length === 0)
    out.note(dim('It can do nothing yet: there is no realm. Write one: npx biplane new realm hello'))
  else out.line(tableOf(['command', 'type', 'kind', 'what it does'], found.map(rowOf), out.columns))
  const [first] = found
  if (first !== undefined) out.note(dim(`Each tells more: ${again(`${wordsOfType(first.type).join(' ')} --help`)}`))
  return EXIT.done
}

const isOf = ({ realm, type }: Capability, of: string): boolean => {
  const asked = of.replaceAll('-', '_')
  return realm === asked || type === asked
}

const rowOf = ({ type, kind, title, undoable }: Capability): string[] => [
  wordsOfType(type).join(' '),
  type,
  kind,
  `${title}${undoable ? ' (undoable)' : ''}`,
]

// One command for one capability: its files as arguments, its fields as options, its words as help. Nothing of it is written by hand.

import type { Capability } from '@biplane/protocol'
import type { Command } from 'commander'

import { CannotRun } from '../cannot-run.ts'
import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { ask } from '../intent/query.ts'
import { submit } from '../intent/submit.ts'
import { plain } from '../terminal/text.ts'
import { exampleOf, wordsOfType } from './example.ts'
import { type Field, fieldsOf } from './fields.ts'
import { addOwnOptions } from './flag.ts'
import { type Given, gatherPayload } from './gather.ts'
import { type Flagged, addFieldOptions } from './options.ts'
import { placeholderOf } from './value.ts'

/**
 * Makes `command` the one of the capability. `isCurrent`: the catalogue is the one of now; with an older one there is help, but
 * nothing is run.
 */
export function addCapability(command: Command, capability: Capability, isCurrent: boolean): void {
  const { kind, title, description = '' } = capability
  command.summary(plain(title)).description(plain(description === '' ? title : `${title}. ${description}`))
  const fields = fieldsOf(capability.payload_schema)
  const files = addFileArguments(command, fields)
  const flags = addFieldOptions(
    command,
    fields.filter((field) => !files.includes(field)),
    kind,
  )
  addOwnOptions(command, kind)
  const shown = [...files, ...flags.map(({ field }) => field)]
  const hidden = fields.filter((field) => !shown.includes(field)).map(({ path }) => path.join('.'))
  command.usage(usageOf(files, flags)).addHelpText('after', helpOf(capability, hidden))
  command.action((..._all: unknown[]) =>
    run(command, async (task) => {
      if (!isCurrent) throw notCurrent(task)
      return perform(task, command, capability, { files, flags })
    }),
  )
}

interface Parts {
  files: readonly Field[]
  flags: readonly Flagged[]
}

async function perform(task: Task, command: Command, capability: Capability, parts: Parts): Promise<number> {
  const options = command.opts<Record<string, unknown>>()
  const payload = await gatherPayload(task, given(task, command, capability, parts))
  if (capability.kind === 'intent') return submit(task, capability.type, payload, options)
  return ask(task, capability.type, payload, options)
}

function given(task: Task, command: Command, { type }: Capability, { files, flags }: Parts): Given {
  const options = command.opts<Record<string, unknown>>()
  const paths = files.map((field, i) => ({
    field,
    name: `<${argumentOf(field)}>`,
    value: pathsOf(command.processedArgs[i]),
  }))
  const values = flags.map(({ field, flag, attribute }) => {
    const value = Object.hasOwn(options, attribute) ? options[attribute] : undefined
    return { field, name: flag, value }
  })
  return {
    payload: options['payload'] as string | undefined,
    values: [...paths, ...values],
    required: [...paths, ...values].filter(({ field }) => field.isRequired),
    help: task.again(`${wordsOfType(type).join(' ')} --help`),
  }
}

/** No file at all is undefined, also where there may be several. */
const pathsOf = (argument: unknown): unknown =>
  Array.isArray(argument) && argument.length === 0 ? undefined : argument

/** Required ones first; of those that take several files, one at most, and last: further ones are options. */
function addFileArguments(command: Command, fields: readonly Field[]): Field[] {
  const files = fields.filter(({ takes, path }) => takes === 'file' && path.length === 1)
  const single = files.filter(({ isList }) => !isList).sort((a, b) => Number(b.isRequired) - Number(a.isRequired))
  const several = files.filter(({ isList }) => isList).slice(0, 1)
  const all = [...single, ...several]
  for (const field of all) {
    const name = argumentOf(field)
    const about = `${field.description}${field.description === '' ? '' : ' '}(a path; - for standard input)`
    // Not required here: --payload may hold it.
    command.argument(field.isList ? `[${name}...]` : `[${name}]`, plain(about))
  }
  return all
}

/** What must be there, as a usage line has it. */
function usageOf(files: readonly Field[], flags: readonly Flagged[]): string {
  const paths = files.map((field) => {
    const name = `${argumentOf(field)}${field.isList ? '...' : ''}`
    return field.isRequired ? `<${name}>` : `[${name}]`
  })
  const options = flags
    .filter(({ field }) => field.isRequired)
    .map(
      ({ field, flag }) =>
        `${flag}${field.takes === 'boolean' ? '' : ` <${placeholderOf(field)}>`}${field.isList ? ' …' : ''}`,
    )
  return [...paths, ...options, '[options]'].join(' ')
}

/** `file`, or `photo-file`: by this ending a shell knows to complete names of files. */
function argumentOf({ path }: Field): string {
  const name = plain(path.join('.')).replaceAll(/[^a-zA-Z0-9]+/g, '-')
  return /(^|-)files?$/.test(name) ? name : `${name}-file`
}

/** `hidden`: fields that no option can be named for. */
function helpOf(capability: Capability, hidden: readonly string[]): string {
  const { type, kind, undoable } = capability
  const example =
    capability.example === undefined ? [] : ['Example:', `  npx biplane ${plain(exampleOf(capability))}`, '']
  const lines = [
    '',
    ...example,
    `Also: biplane ${type}, and with JSON: biplane ${kind === 'intent' ? 'submit' : 'query'} ${type} '{…}'`,
    ...(hidden.length > 0 ? [plain(`By --payload alone: ${hidden.join(', ')}.`)] : []),
    ...(undoable ? ['What it did is taken back if it fails or is cancelled.'] : []),
  ]
  return lines.join('\n')
}

const notCurrent = ({ url }: Task): CannotRun =>
  new CannotRun(
    `What the gateway can do now is not known: nothing answers at ${url}.`,
    'Start both planes (npm start), or name another place with --url.',
    EXIT.unreachable,
  )

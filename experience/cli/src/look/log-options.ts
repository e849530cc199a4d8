// What both `follow` and `logs` take: whose log, from where, and what of it.

import { parseOffset } from '@biplane/protocol'
import { type Command, InvalidArgumentError } from 'commander'

import { parseSessionOrExecution } from '../ids.ts'

export interface LogOptions {
  from?: string
  /** Types of events, or what they begin with. */
  type: string[]
}

export const addLogOptions = (command: Command): Command =>
  command
    .argument('<session-or-execution>', 'ses_… or exe_…', parseSessionOrExecution)
    .option('--from <offset>', 'go on behind this place of the log; "now" for what is to come', parseFrom)
    .option('--type <type>', 'only these events, such as step or step.failed; may be repeated', addType, [])

export const isExecution = (id: string): boolean => id.startsWith('exe_')

function parseFrom(text: string): string {
  // The number of an event does as well as the offset behind it.
  const offset = /^\d{1,15}$/.test(text) ? text.padStart(16, '0') : text
  if (parseOffset(offset) !== null) return offset
  throw new InvalidArgumentError('It must be "now", -1 for the start, the number of an event, or an offset.')
}

const addType = (text: string, types: string[]): string[] => [...types, text.replace(/\.\*?$/, '')]

// What may come next on a command line, told from the commands themselves.

import type { Argument, Command, Option } from 'commander'

export interface Candidate {
  value: string
  about: string
}

/** What stands in the angle brackets of an argument or of an option says what it is: `execution`, `session`, `file` … */
export type Placeholder = string

export interface Completion {
  candidates: Candidate[]
  /** A value of this kind is wanted, which the commands do not know. */
  wants: Placeholder | null
  /** What the value begins with, and what stands before it in its word: `--status=` */
  prefix: string
  before: string
}

/**
 * `words` are those behind the program's name; the last one is being typed, and may be empty. Bash makes three of `--status=done`, and
 * one of the `=` that a value is to follow.
 */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const last = words.at(-1) ?? ''
  const typed = last === '=' ? '' : last
  const { command, positions, pending } = walk(program, words.slice(0, -1))
  if (pending !== null) return valuesOf(pending, typed, '')
  const attached = /^(--[^=]+)=(.*)$/s.exec(typed)
  if (attached !== null) {
    const option = optionOf(command, attached[1] as string)
    return option === null ? nothing(typed) : valuesOf(option, attached[2] as string, `${attached[1]}=`)
  }
  if (typed.startsWith('-')) return { ...nothing(typed), candidates: matching(optionsOf(command), typed) }
  const below = positions === 0 ? commandsOf(command) : []
  const argument = argumentAt(command, positions)
  const values = argument === null ? nothing(typed) : valuesOf(argument, typed, '')
  return { ...values, candidates: [...matching(below, typed), ...values.candidates] }
}

interface Place {
  command: Command
  /** How many of its arguments are there. */
  positions: number
  /** The option whose value comes next. */
  pending: Option | null
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program
  let positions = 0
  let pending: Option | null = null
  for (const word of words) {
    if (pending !== null) pending = word === '=' ? pending : null
    else if (word.startsWith('-')) {
      const option = optionOf(command, word)
      pending = option?.required ? option : null
    } else {
      const below = positions === 0 ? childOf(command, word) : null
      if (below === null) positions++
      else command = below
    }
  }
  return { command, positions, pending }
}

const childOf = (command: Command, word: string): Command | null =>
  command.commands.find((each) => each.name() === word || each.aliases().includes(word)) ?? null

/** Of the command, or of one above it. */
function optionOf(command: Command, word: string): Option | null {
  const found = command.options.find(({ long, short }) => word === long || word === short)
  return found ?? (command.parent === null ? null : optionOf(command.parent, word))
}

function optionsOf(command: Command): Candidate[] {
  const own = command.options.flatMap(({ long, description, hidden }) =>
    long && !hidden ? [{ value: long, about: description }] : [],
  )
  return command.parent === null ? [...own, HELP] : [...own, ...optionsOf(command.parent)]
}

const HELP = { value: '--help', about: 'show help' }

const commandsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), about: each.summary() || each.description() }))

function argumentAt({ registeredArguments }: Command, position: number): Argument | null {
  const last = registeredArguments.at(-1)
  return registeredArguments[position] ?? (last?.variadic ? last : null)
}

function valuesOf(of: Argument | Option, typed: string, before: string): Completion {
  const choices = of.argChoices ?? []
  const wants = choices.length > 0 ? null : placeholderOf(of)
  return {
    candidates: matching(
      choices.map((value) => ({ value, about: '' })),
      typed,
    ),
    wants,
    prefix: typed,
    before,
  }
}

const placeholderOf = (of: Argument | Option): Placeholder =>
  'flags' in of ? (/<(.*?)(\.\.\.)?>/.exec(of.flags)?.[1] ?? '') : of.name()

const matching = (candidates: readonly Candidate[], typed: string): Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(typed))

const nothing = (typed: string): Completion => ({ candidates: [], wants: null, prefix: typed, before: '' })

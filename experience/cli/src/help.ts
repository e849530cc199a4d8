// How help reads: the choices of an option stand where its value does, and what every command takes is told once, by the program.

import { type Command, Help, type HelpConfiguration, type Option } from 'commander'

import { bold } from './terminal/style.ts'
import { plain } from './terminal/text.ts'

/** Choices that are longer together are told behind the option, not in it. */
const CHOICES_CHARS_MAX = 40

export const HELP: HelpConfiguration = {
  styleTitle: bold,
  commandUsage: (command) => `${nameOf(command)} ${command.usage()}`,
  subcommandTerm: (command) => command.name(),
  optionTerm: (option) => (areShort(option) ? option.flags.replace(/<[^>]*>/, `<${choicesOf(option)}>`) : option.flags),
  optionDescription: describe,
  visibleOptions: (command) => new Help().visibleOptions(command).filter((option) => isWorthTelling(command, option)),
}

/** Stands below the help of every command but the program itself. */
export const globalsHelp = (command: Command): string =>
  command.parent === null ? '' : '\nAlways: --url, --tenant, --token, --key, --json. See: biplane --help'

/** With those above it, and without other names for the same. */
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

/** That there is help is known to who reads it. */
const isWorthTelling = (command: Command, { long }: Option): boolean => command.parent === null || long !== '--help'

const choicesOf = ({ argChoices = [] }: Option): string => plain(argChoices.join('|'))

const areShort = (option: Option): boolean => {
  const choices = choicesOf(option)
  return choices !== '' && choices.length <= CHOICES_CHARS_MAX
}

function describe(option: Option): string {
  const { description, argChoices = [], envVar } = option
  const usual = option.defaultValue as unknown
  const notes = [
    ...(argChoices.length > 0 && !areShort(option) ? [plain(`one of: ${argChoices.join(', ')}`)] : []),
    ...(typeof usual === 'string' || typeof usual === 'number' ? [`default: ${usual}`] : []),
    ...(envVar === undefined ? [] : [`or ${envVar}`]),
  ]
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`.trim()
}

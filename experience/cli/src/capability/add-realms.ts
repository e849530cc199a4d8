// Commands for what the gateway can do: `biplane content upload` for content.upload, made anew from its catalogue at each start.

import { Command, CommanderError } from 'commander'

import { CannotRun } from '../cannot-run.ts'
import { type Known, loadCatalogue, recallCatalogue } from '../catalogue/load.ts'
import { type Place, addGlobalOptions, placeOf } from '../place.ts'
import { agoOf } from '../terminal/moment.ts'
import { addCapability } from './add-capability.ts'
import { wordsOfType } from './example.ts'
import { readOperands } from './operands.ts'

/**
 * Adds the commands that `argv` may be about. One of the program's own needs no catalogue, and none is asked for.
 * @throws BiplaneError if it is about a capability and the gateway does not answer
 */
export async function addRealms(program: Command, argv: readonly string[]): Promise<void> {
  const { words, isHelp, isVersion } = readOperands(program, argv)
  const [word] = words
  if (isVersion || (word !== undefined && isOwn(program, word))) return
  const place = placeIn(argv)
  if (place === null) return
  const known = isHelp ? await recallCatalogue(place) : await loadCatalogue(place)
  if (known === null) {
    program.addHelpText('after', unknownHelp(place))
    return
  }
  addCommands(program, known, word, place)
  // Asked for help on what is not there, the parser would show that of the program.
  if (isHelp && word !== undefined && !isOwn(program, word)) {
    throw new CannotRun(`There is no command ${word}, and no such realm.`, 'See what there is: npx biplane --help')
  }
}

/** For shell completion: whatever is known, and nothing if nothing is. */
export async function addKnownRealms(program: Command, argv: readonly string[]): Promise<void> {
  const place = placeIn(argv)
  const known = place && (await recallCatalogue(place))
  if (known) addCommands(program, known, readOperands(program, argv).words[0], place)
}

const isOwn = (program: Command, word: string): boolean =>
  program.commands.some((command) => command.name() === word || command.aliases().includes(word))

/** As the options of the program say; null if they are not understood, which is told when all of them are parsed. @throws CannotRun */
export function placeIn(argv: readonly string[]): Place | null {
  const early = addGlobalOptions(new Command()).helpOption(false).allowUnknownOption().allowExcessArguments()
  early
    .action(() => {})
    .configureOutput({ writeErr: () => {} })
    .exitOverride()
  try {
    early.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return null
    throw error
  }
  return placeOf(early)
}

function addCommands(program: Command, { capabilities, saved }: Known, word: string | undefined, place: Place): void {
  const isCurrent = saved === null
  const note = isCurrent ? '' : `${place.url} does not answer now; this is what it could do ${agoOf(saved)}.`
  program.commandsGroup(isCurrent ? `What ${place.url} can do:` : `${note.slice(0, -1)}:`)
  const own = new Set(['help', ...program.commands.flatMap((command) => [command.name(), ...command.aliases()])])
  for (const capability of capabilities) {
    const words = wordsOfType(capability.type)
    // A realm that has the name of a command is reached by the types alone.
    if (!own.has(words[0] as string)) addCapability(commandAt(program, words), capability, isCurrent)
    if (word === capability.type) {
      addCapability(program.command(capability.type, { hidden: true }), capability, isCurrent)
    }
  }
  for (const command of program.commands) if (!own.has(command.name())) describe(command, [command.name()], note)
}

/** The command at the end of these words; what is missing on the way is made. */
function commandAt(program: Command, words: readonly string[]): Command {
  return words.reduce((parent, word) => {
    const found = parent.commands.find((command) => command.name() === word)
    if (found !== undefined) return found
    const made = parent.command(word)
    return word.includes('-') ? made.alias(word.replaceAll('-', '_')) : made
  }, program)
}

/** A command that only leads to others is told by what they are. `note` stands below the help of each, if there is something to note. */
function describe(command: Command, words: readonly string[], note: string): void {
  for (const below of command.commands) describe(below, [...words, below.name()], note)
  if (note !== '') command.addHelpText('after', `\n${note}`)
  if (command.description() !== '') return
  command
    .helpCommand(false)
    .usage('<command>')
    .description(`What ${words.join(' ')} can do.`)
  command.summary(command.commands.map((each) => each.name()).join(', '))
}

const unknownHelp = ({ url }: Place): string =>
  `\nWhat the gateway can do is not known: nothing answers at ${url}.\nStart both planes (npm start), or name another place with --url.`

// The `biplane` command: its own commands, in the order in which people meet them. Those of capabilities are added when it starts.

import { Command, type CommanderError } from 'commander'

import about from '../package.json' with { type: 'json' }

import { addArtifact } from './artifact/artifact.ts'
import { addCompletion } from './completion/completion.ts'
import { addDemo } from './demo/demo.ts'
import { EXIT, exitHelp } from './exit-code.ts'
import { HELP, globalsHelp } from './help.ts'
import { misuseOf } from './misuse.ts'
import { addMash } from './intent/mash.ts'
import { addQuery } from './intent/query.ts'
import { addSubmit } from './intent/submit.ts'
import { addUpload } from './intent/upload.ts'
import { addKeys } from './keys.ts'
import { addCapabilities } from './look/capabilities.ts'
import { addExecutions } from './look/executions.ts'
import { addFollow } from './look/follow.ts'
import { addLogs } from './look/logs.ts'
import { addSessions } from './look/sessions.ts'
import { addShow } from './look/show.ts'
import { addFork, addRetry } from './operate/again.ts'
import { addApprove, addRefuse } from './operate/decide.ts'
import { addSignal } from './operate/signal.ts'
import { addCancel, addPause, addResume, addSettle } from './operate/steer.ts'
import { addGlobalOptions } from './place.ts'
import { addCheck } from './project/check.ts'
import { addDev } from './project/dev.ts'
import { addExperience } from './project/experience.ts'
import { addMcp } from './project/mcp.ts'
import { addNewRealm } from './project/new-realm.ts'
import { Output } from './terminal/output.ts'
import { asShown, bad } from './terminal/style.ts'
import { addToken } from './token.ts'

const OWN = 'This program:'

const GROUPS: Record<string, readonly ((program: Command) => Command)[]> = {
  'Tables:': [addUpload, addMash, addDemo],
  'Anything that a realm can do:': [addCapabilities, addSubmit, addQuery, addArtifact],
  'What becomes of it:': [addFollow, addShow, addExecutions, addSessions, addLogs],
  'What a person does about it:': [
    addApprove,
    addRefuse,
    addSignal,
    addCancel,
    addPause,
    addResume,
    addSettle,
    addRetry,
    addFork,
  ],
  'A project of your own:': [addNewRealm, addDev, addCheck, addExperience, addMcp],
  [OWN]: [addToken, addKeys, addCompletion],
}

export function createProgram(): Command {
  const program = addGlobalOptions(new Command('biplane'))
    .version(about.version)
    .description('Send files, start work, follow it, and decide what waits for you.')
    .addHelpText('after', exitHelp())
    .addHelpText('afterAll', ({ command }) => globalsHelp(command))
    .configureHelp(HELP)
    .addHelpCommand(new Command('help').argument('[command...]').description('show help for a command').helpGroup(OWN))
    .configureOutput({
      outputError: (text, write) => write(asShown(`${bad('✖')} ${misuseOf(text)}\n`, process.stderr)),
    })
    .exitOverride(leave)
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading)
    for (const add of commands) add(program)
  }
  return program
}

/** Each command tells where to read on when it was not understood. To be called when all of them are there. */
export function addHelpHints(command: Command, path: string = command.name()): void {
  command.showHelpAfterError(`  See: npx ${path} --help`)
  for (const below of command.commands) addHelpHints(below, `${path} ${below.name()}`)
}

function leave({ exitCode, code, message }: CommanderError): never {
  const isMisuse = exitCode !== 0 && code !== 'commander.help'
  if (isMisuse)
    new Output(process.argv.includes('--json')).record({ type: 'problem', code: 'usage', detail: misuseOf(message) })
  process.exit(exitCode === 0 ? EXIT.done : EXIT.usage)
}

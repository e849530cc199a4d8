// biplane completion SHELL, and what its script asks at each press of the tab key.

import { Argument, type Command } from 'commander'

import { addKnownRealms, placeIn } from '../capability/add-realms.ts'
import { plain } from '../terminal/text.ts'
import { type Candidate, completionOf } from './candidates.ts'
import { knownValues } from './known-values.ts'
import { ASK_FOR_FILES, COMPLETE, SHELLS, type Shell, scriptOf } from './script.ts'

const ABOUT_CHARS_MAX = 60
/** Placeholders that are names of files of this machine. */
const FILE = /(^|-)(file|files|folder)$/

export function addCompletion(program: Command): Command {
  program
    .command(COMPLETE, { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) => complete(program, words))
  return program
    .command('completion')
    .description('print what makes a shell complete biplane')
    .addArgument(new Argument('<shell>', 'whose tab key').choices(SHELLS))
    .addHelpText('after', HELP)
    .action((shell: Shell) => void process.stdout.write(scriptOf(shell)))
}

const HELP = `
The program must be found as biplane: npm install --global @biplane/cli
  bash  source <(biplane completion bash)     in ~/.bashrc
  zsh   source <(biplane completion zsh)      in ~/.zshrc, behind compinit
  fish  biplane completion fish | source      in ~/.config/fish/config.fish`

async function complete(program: Command, split: readonly string[]): Promise<void> {
  const words = rejoined(split)
  const given = words.slice(0, -1)
  await addKnownRealms(program, given)
  const { candidates, wants, prefix, before } = completionOf(program, words)
  const place = placeIn(given)
  const known = wants === null || place === null ? [] : await knownValues(place, wants)
  const fitting = [...candidates, ...known.filter(({ value }) => value.startsWith(prefix))]
  const files = wants !== null && FILE.test(wants) ? [ASK_FOR_FILES] : []
  process.stdout.write([...fitting.map((one) => lineOf(one, before)), ...files].map((line) => `${line}\n`).join(''))
}

/** Bash makes five words of `http://127.0.0.1:8100`. */
function rejoined(words: readonly string[]): string[] {
  const whole: string[] = []
  for (const [i, word] of words.entries()) {
    if (word === ':' || words[i - 1] === ':') whole.push(`${whole.pop() ?? ''}${word}`)
    else whole.push(word)
  }
  return whole
}

const lineOf = ({ value, about }: Candidate, before: string): string => {
  const short = plain(about).slice(0, ABOUT_CHARS_MAX)
  return `${before}${plain(value)}${short === '' ? '' : `\t${short}`}`
}

// One command line, from its words to the exit code of this process.

import { BiplaneError } from '@biplane/client'

import { addRealms, placeIn } from './capability/add-realms.ts'
import { reportProblem } from './problem-report.ts'
import { addHelpHints, createProgram } from './program.ts'
import { Output } from './terminal/output.ts'

/** `words` are those behind the program's name. */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  // The parser's own `help` knows the first word alone.
  const argv = words[0] === 'help' ? [...words.slice(1), '--help'] : words
  const program = createProgram()
  try {
    await addRealms(program, argv)
    addHelpHints(program)
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    const url = error instanceof BiplaneError ? (placeIn(argv)?.url ?? '') : ''
    process.exitCode = reportProblem(error, new Output(argv.includes('--json')), url)
  }
}

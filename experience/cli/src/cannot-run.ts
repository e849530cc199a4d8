// What keeps a command of this machine from its work, and what to do about it.

import { EXIT } from './exit-code.ts'
import { Output } from './output.ts'

export class CannotRun extends Error {
  override readonly name = 'CannotRun'
  readonly advice: string

  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

/** Runs a command that needs no gateway, and sets the exit code that it answers. */
export async function runHere(perform: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await perform()
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error
    new Output(false).problem(error.message, error.advice)
    process.exitCode = EXIT.usage
  }
}

import { CannotRun } from '../cannot-run.ts'
import { Output } from '../terminal/output.ts'

/** Runs a command that needs no gateway, and sets the exit code that it answers. */
export async function runHere(perform: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await perform()
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error
    new Output(false).problem(error.message, error.advice)
    process.exitCode = error.exitCode
  }
}

import { EXIT } from './exit-code.ts'

/** What keeps a command from its work on this side of the wire, and what to do about it. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
  readonly advice: string
  readonly exitCode: number

  constructor(message: string, advice: string, exitCode: number = EXIT.usage) {
    super(message)
    this.advice = advice
    this.exitCode = exitCode
  }
}

// Errors by the reaction they require. What a handler or a step throws decides what the engine does next.

import type { Failure } from '@biplane/protocol'

interface Details {
  cause?: unknown
  /** What the person who asked can do about it. */
  advice?: string
}

abstract class RealmError extends Error {
  readonly code: string
  readonly advice: string | undefined

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.advice = details.advice
  }
}

/** Trying again cannot help: the step is not retried, and unless the handler catches it the execution fails. */
export class TerminalError extends RealmError {
  override readonly name = 'TerminalError'
}

/** Trying again may help. An error of any other class is treated as this one. */
export class RetryableError extends RealmError {
  override readonly name = 'RetryableError'
}

/** A person must look first: the execution is paused with this reason, and resumes when told to. */
export class PauseError extends RealmError {
  override readonly name = 'PauseError'
}

/** What a handler sees at the calls it waits for when its execution is cancelled. */
export class Cancelled extends RealmError {
  override readonly name = 'Cancelled'

  constructor(message = 'The execution was cancelled.') {
    super('execution.cancelled', message)
  }
}

/** The key had another revision than the one expected: read it again and decide anew. */
export class StateConflict extends RetryableError {
  /** The revision that the key has now; 0 if it is absent. */
  readonly revision: number

  constructor(key: string, revision: number) {
    super('state.conflict', `State ${key} is at revision ${revision}.`)
    this.revision = revision
  }
}

/** A step failed for good; `code` is the code of its last error. */
export class StepFailed extends TerminalError {
  readonly step: string

  constructor(step: string, failure: Failure) {
    super(failure.code, failure.message)
    this.step = step
  }
}

/** Nobody sent the signal in time. */
export class WaitExpired extends TerminalError {
  readonly signal: string

  constructor(signal: string) {
    super('wait.expired', `The signal ${signal} did not come in time.`)
    this.signal = signal
  }
}

/** A person decided against it. */
export class ApprovalRefused extends TerminalError {
  readonly by: string | undefined
  readonly reason: string | undefined

  constructor(approval: string, decision: { by?: string; reason?: string } = {}) {
    const { by, reason } = decision
    const who = by === undefined ? '' : ` by ${by}`
    super('approval.refused', `${approval} was refused${who}${reason === undefined ? '.' : `: ${reason}`}`)
    this.by = by
    this.reason = reason
  }
}

/** A child ended without a result; `code` is the code of its error. */
export class ChildFailed extends TerminalError {
  readonly intentType: string
  /** Null if it was never accepted. */
  readonly executionId: string | null

  constructor(intentType: string, executionId: string | null, failure: Failure) {
    super(failure.code, failure.message)
    this.intentType = intentType
    this.executionId = executionId
  }
}

/** An error as the log keeps it: a stable code and a message, never a stack. */
export function toFailure(error: unknown): Failure {
  if (error instanceof RealmError) return { code: error.code, message: error.message }
  if (error instanceof Error) return { code: 'error.unexpected', message: `${error.name}: ${error.message}` }
  return { code: 'error.unexpected', message: String(error) }
}

// What the person who asked is told when the store did not carry out a command.

import { ProblemError } from '@biplane/protocol'

import { Fenced, StorageFull, StoreBusy, StoreClosed } from '../store/error.ts'

/** @throws ProblemError: outcome_unknown unless it is certain that nothing was recorded */
export function asProblem(error: unknown): never {
  if (error instanceof ProblemError) throw error
  if (error instanceof StoreBusy) throw new ProblemError('overloaded', undefined, { cause: error })
  if (error instanceof StorageFull) throw new ProblemError('storage_full', undefined, { cause: error })
  if (error instanceof StoreClosed || error instanceof Fenced) {
    throw new ProblemError('shutting_down', undefined, { cause: error })
  }
  throw new ProblemError('outcome_unknown', undefined, { cause: error })
}

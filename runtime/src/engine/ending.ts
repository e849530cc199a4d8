// How an execution ends, decided from how its handler did and what else is in its log.

import type { Failure } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { Cancelled, PauseError, TerminalError, toFailure } from '@biplane/realm/error'
import { jsonOf } from '@biplane/realm/json'
import type { Outcome } from '@biplane/realm/port'

import type { CancelRequest } from './history.ts'

export type Ending =
  /** `result` is JSON text. */
  | { kind: 'complete'; result: string }
  | { kind: 'undo'; as: 'failed' | 'cancelled'; cause: Failure }
  | { kind: 'pause'; error: Failure }
  | { kind: 'park'; error: Failure }

/** `outcome` is null if the handler is not waited for. `compensating` says why its saga is being undone already, if it is. */
export function decideEnding(
  definition: IntentDefinition,
  outcome: Outcome | null,
  cancel: CancelRequest | null,
  compensating: Failure | null,
): Ending {
  if (outcome?.kind === 'diverged') {
    // What cannot be replayed cannot be undone either: then an operator must decide.
    return { kind: cancel || compensating ? 'park' : 'pause', error: outcome.divergence }
  }
  if (cancel || compensating) {
    const as = cancel && !cancel.error ? 'cancelled' : 'failed'
    return { kind: 'undo', as, cause: compensating ?? causeOf(outcome, cancel) }
  }
  if (outcome?.kind === 'returned') return resultOf(definition, outcome.value)
  const error = outcome?.error
  if (error instanceof PauseError) return { kind: 'pause', error: toFailure(error) }
  return { kind: 'undo', as: 'failed', cause: toFailure(error) }
}

/** A handler that was cancelled may have failed in its own way meanwhile. */
function causeOf(outcome: Outcome | null, cancel: CancelRequest | null): Failure {
  if (cancel?.error) return cancel.error
  if (outcome?.kind === 'threw' && !(outcome.error instanceof Cancelled)) return toFailure(outcome.error)
  return toFailure(new Cancelled(cancel?.reason))
}

function resultOf(definition: IntentDefinition, value: unknown): Ending {
  try {
    const parsed = definition.result.safeParse(value)
    if (parsed.success)
      return { kind: 'complete', result: jsonOf(parsed.data, `The result of ${definition.type}`, 'result') }
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' }
    throw new TerminalError('result.invalid', `The result of ${definition.type} at "${path.join('.')}": ${message}`)
  } catch (error) {
    return { kind: 'undo', as: 'failed', cause: toFailure(error) }
  }
}

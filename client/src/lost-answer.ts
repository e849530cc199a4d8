// A lost answer says nothing about what happened (docs/protocol.md §4, "What an error means"), unless no connection was made.

import { type BiplaneError, localError } from './error.ts'

/** `key`: the one by which the runtime would know the request again; only what changes something has one. */
export function lostAnswer(path: string, key: string | undefined, cause: unknown): BiplaneError {
  const mayHaveArrived = key !== undefined && !NEVER_CONNECTED.includes(codeOf(innermost(cause)))
  const detail = `No answer came from ${path}: ${reasonOf(cause)}.`
  return localError(mayHaveArrived ? 'outcome_unknown' : 'runtime_unavailable', detail, cause)
}

export const unknownOutcome = (key: string | undefined, cause: BiplaneError): BiplaneError =>
  localError('outcome_unknown', `${cause.detail} Its key is ${key}.`, cause)

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** `fetch` itself says only that it failed. */
export function reasonOf(error: unknown): string {
  const inner = innermost(error)
  return inner instanceof Error ? inner.message || codeOf(inner) || inner.name : String(inner)
}

const innermost = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

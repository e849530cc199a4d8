// An error as a message: the problem document of docs/protocol.md §8, whose own `type` follows from its code.

import type { Log } from '../kit/log.ts'
import { problemOf, retryAfterSeconds } from '../kit/problem.ts'

const HAS_A_TIME = [429, 503]

/** `of`: the request, the stream or the upload that it is about. `instance`: as the log names the socket. */
export function failureOf(error: unknown, of: object, instance: string, log: Log): object {
  const { type: _, ...problem } = problemOf(error, instance, log)
  const again = HAS_A_TIME.includes(problem.status) ? { retry_after_ms: retryAfterSeconds(error) * 1000 } : {}
  return { type: 'error', ...of, ...problem, ...again }
}

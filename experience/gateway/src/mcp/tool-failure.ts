// A call that came to nothing is an answer of its tool, never an error of the protocol: whoever called reads what was wrong and
// what to do, and may do better.

import type { CallToolResult } from '@modelcontextprotocol/server'

import { problemOf } from '../kit/problem.ts'
import type { Trace } from './call.ts'

/** `known`: what can be said beside the error, such as the id to repeat the call with. */
export function failureAnswer(error: unknown, { requestId, log }: Trace, known: object = {}): CallToolResult {
  const { code, detail, advice, instance, errors } = problemOf(error, requestId, log)
  const text = JSON.stringify({ code, detail, advice, errors, ...known, instance })
  return { content: [{ type: 'text', text }], isError: true }
}

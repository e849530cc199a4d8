// Answers of the writer as one flat list of values, five for each: its result, where its entries begin (pos, seq, tenant_seq), and
// what its session has become. The results of the two commands that make up nearly all of the traffic follow from the rest, and are
// left out.

import type { SessionHead } from '../port.ts'
import type { WriteAnswer } from './group-commit.ts'
import type { WriteRequest } from './writes.ts'

const VALUES_PER_ANSWER = 5

export function packAnswers(answers: readonly WriteAnswer[]): unknown[] {
  const values: unknown[] = []
  for (const answer of answers) {
    if ('refused' in answer) values.push(answer, 0, 0, 0, null)
    else if (!answer.appended) values.push(answer.result, 0, 0, 0, null)
    else {
      const { pos, seq, tenant_seq, status } = answer.appended
      values.push(follows(answer.result) ? null : answer.result, pos, seq, tenant_seq, status)
    }
  }
  return values
}

/** The answer to a request, of the values at `index`. */
export function unpackAnswer(values: readonly unknown[], index: number, request: WriteRequest): WriteAnswer {
  const at = index * VALUES_PER_ANSWER
  const [result, pos, seq, tenant_seq, status] = values.slice(at, at + VALUES_PER_ANSWER) as [
    unknown,
    number,
    number,
    number,
    SessionHead['status'] | null,
  ]
  if (status) return { result: result ?? resultOf(request, seq), appended: { pos, seq, tenant_seq, status } }
  const refusal = result as Extract<WriteAnswer, { refused: string }>
  return typeof result === 'object' && result !== null && 'refused' in refusal ? refusal : { result, appended: null }
}

export const countOf = (values: readonly unknown[]): number => values.length / VALUES_PER_ANSWER

const follows = (result: unknown): boolean => {
  const { outcome } = result as { outcome?: unknown }
  return outcome === 'recorded' || outcome === 'accepted'
}

function resultOf({ verb, command }: WriteRequest, seq: number): unknown {
  if (verb !== 'acceptIntent' && verb !== 'recordExecution') throw new Error(`The answer to ${verb} has no result.`)
  return { outcome: verb === 'acceptIntent' ? 'accepted' : 'recorded', last_seq: seq + command.entries.length - 1 }
}

// How an execution stands, as the tools answer it: always with its ids, so that whoever asks can go on from there.

import { type AcceptedIntent, type Execution, PROBLEMS, Status, isFinal } from '@biplane/protocol'
import type { CallToolResult } from '@modelcontextprotocol/server'
import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'
import { embeddedAt, schemaOf } from './json-schema.ts'
import { answer } from './tool-answer.ts'

/** An intent that was accepted, and how its execution stood when it was last looked at, if it was. */
export interface Outcome {
  accepted: Pick<AcceptedIntent, 'execution_id' | 'session_id' | 'intent_id'>
  execution: Execution | null
}

const Handle = z.looseObject({
  status: Status,
  execution_id: z.string(),
  session_id: z.string(),
  intent_id: z.string(),
  compensated: z.boolean().optional().describe('It had something to take back, and all of it was.'),
  error: z.looseObject({ code: z.string(), message: z.string(), advice: z.string() }).optional(),
  awaits: z
    .array(z.looseObject({ name: z.string() }))
    .optional()
    .describe('Approvals and signals that it waits for.'),
  next: z.string().optional().describe('What to do next, if it has not ended.'),
})

/** `result` is there if the status is `completed`. */
export function outcomeSchema(result: JsonSchema): JsonSchema {
  const handle = schemaOf(Handle, 'output')
  const properties = handle['properties'] as JsonSchema
  return { ...handle, properties: { ...properties, result: embeddedAt('#/properties/result', result) } }
}

export function outcomeAnswer({ accepted, execution }: Outcome, linksMax: number): CallToolResult {
  const { execution_id, session_id, intent_id } = accepted
  const ids = { execution_id, session_id, intent_id }
  if (execution === null) return answer({ status: 'accepted', ...ids, next: GO_ON })
  const { status, compensated } = execution
  const standing = { status, ...ids, compensated }
  if (status === 'completed') return answer({ ...standing, result: execution.result }, { linksMax })
  if (isFinal(status)) return answer({ ...standing, ...endOf(execution) }, { isError: true })
  const { awaits, waits_for } = execution
  const waiting = { ...(waits_for === null ? {} : { waits_for }), ...(awaits.length === 0 ? {} : { awaits }) }
  return answer({ ...standing, ...waiting, next: nextOf(execution) })
}

function endOf({ status, error, compensated, superseded_by }: Execution): object {
  if (status === 'superseded') {
    const message = 'A later one of its kind came before it began, and is done instead.'
    return { superseded_by, error: { code: 'superseded', message, advice: 'See superseded_by.' } }
  }
  const { code, message } = error ?? { code: 'cancelled', message: 'It was cancelled.' }
  return { error: { code, message, advice: adviceFor(code, compensated) } }
}

function adviceFor(code: string, compensated: boolean): string {
  if (Object.hasOwn(PROBLEMS, code)) return PROBLEMS[code as keyof typeof PROBLEMS][2]
  const undone = compensated ? 'What it had done was taken back. ' : ''
  return `${undone}execution_status shows its steps. Mend the cause, and call the tool again with a new intent.`
}

const GO_ON = 'It goes on. Call execution_result to wait for its end, or execution_cancel to stop it.'

function nextOf({ status, awaits, waits_for }: Execution): string {
  if (status === 'paused' || status === 'parked') {
    return `It is ${status}${waits_for === null ? '' : ` (${waits_for})`}: an operator must look at it. execution_status shows its steps.`
  }
  const [first] = awaits
  if (first === undefined) return GO_ON
  const { name, approval } = first
  if (approval === undefined) {
    return `It waits for the signal "${name}". Call execution_signal when there is something to tell it, or execution_result to wait.`
  }
  const question = approval.title === undefined ? '' : ` (${approval.title})`
  return `It waits for the approval "${name}"${question}. Ask whoever may decide, call execution_approve with their decision, then execution_result.`
}

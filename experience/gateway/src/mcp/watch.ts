// Waiting inside a call: until the execution has ended, or needs somebody, or the time is over. It follows the session's log, so
// it comes through a runtime that is killed meanwhile. Leaving cancels nothing.

import { BiplaneError } from '@biplane/client'
import { type Event, type Execution, isFinal } from '@biplane/protocol'

import type { Call } from './call.ts'

export interface Watched {
  executionId: string
  sessionId: string
  /** From where in the log. */
  offset: string
  waitMs: number
}

/** What may end the wait. */
const TURNS = [
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.superseded',
  'execution.paused',
  'execution.parked',
  'signal.awaited',
]

/** The execution as it stands then; null if that could not be learned. Rejects when nobody would hear the answer. */
export async function watch(call: Call, watched: Watched): Promise<Execution | null> {
  const { gone, station } = call
  const over = AbortSignal.any([gone, station.stopping, AbortSignal.timeout(watched.waitMs)])
  const settled = await settledWithin(call, watched, over).catch((error: unknown) => {
    if (over.aborted || error instanceof BiplaneError) return null
    throw error
  })
  return settled ?? lookAt(call, watched.executionId)
}

/** As `watch`, of an execution that is under way already. @throws BiplaneError if there is none */
export async function watchFromHere(call: Call, executionId: string, waitMs: number): Promise<Execution> {
  const { client, gone } = call
  const { session_id: sessionId } = await client.execution(executionId, { signal: gone })
  // The tail is found before the look, so that an end between the two is seen by one of them.
  const offset = await tailOf(call, sessionId)
  const execution = await client.execution(executionId, { signal: gone })
  if (isFinal(execution.status)) return execution
  return (await watch(call, { executionId, sessionId, offset, waitMs })) ?? execution
}

/** Null if it could not be learned. Rejects when nobody would hear the answer. */
export function lookAt({ client, gone }: Call, executionId: string): Promise<Execution | null> {
  return client.execution(executionId, { signal: gone }).catch((error: unknown) => {
    if (error instanceof BiplaneError) return null
    throw error
  })
}

/** The offset behind all that is in the log now. */
export const tailOf = async ({ client, gone }: Call, sessionId: string): Promise<string> =>
  (await client.events(sessionId, { offset: 'now', signal: gone })).offset ?? 'now'

async function settledWithin(call: Call, watched: Watched, signal: AbortSignal): Promise<Execution | null> {
  const { executionId, sessionId, offset } = watched
  for await (const { event } of call.client.follow(sessionId, { offset, signal })) {
    if (event.subject !== executionId) continue
    await call.report(event)
    if (!isTurn(event)) continue
    const execution = await call.client.execution(executionId, { signal })
    if (isSettled(execution)) return execution
  }
  return null
}

const isTurn = ({ type }: Event): boolean => TURNS.includes(type)

/** A signal that was sent before it was waited for is taken at once, and then nobody is waited for. */
const isSettled = ({ status, awaits }: Execution): boolean =>
  isFinal(status) || status === 'paused' || status === 'parked' || awaits.length > 0

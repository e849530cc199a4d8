// A call of an intent's tool: files are stored, the intent is submitted, and its session's log is followed for a while. Once it is
// accepted the call answers with how it stands, whatever happens here; a client that cancels the call cancels the execution.

import { mintIntentId } from '@biplane/client'
import { type AcceptedIntent, type Capability, type Execution, type IntentId, isFinal } from '@biplane/protocol'
import type { CallToolResult } from '@modelcontextprotocol/server'

import { withFiles } from './artifact-argument.ts'
import { type Arguments, readArguments } from './capability-arguments.ts'
import { outcomeAnswer } from './outcome.ts'
import type { Call } from './call.ts'
import { failureAnswer } from './tool-failure.ts'
import type { Tool } from './tool.ts'
import { lookAt, tailOf, watch } from './watch.ts'

const START_OF_LOG = '-1'

export const intentCall =
  (capability: Capability): Tool['call'] =>
  async (args, call) => {
    const given = readArguments(capability, args, call.station.limits)
    const payload = await withFiles(call, capability, given.payload)
    const intentId = given.intentId ?? mintIntentId()
    try {
      return await submit(capability.type, { ...given, payload }, intentId, call)
    } catch (error) {
      call.gone.throwIfAborted()
      return failureAnswer(error, call.trace, { intent_id: intentId })
    }
  }

async function submit(type: string, given: Arguments, intentId: IntentId, call: Call): Promise<CallToolResult> {
  const { client, gone, station } = call
  const sessionId = given.sessionId ?? (await call.newSession(intentId))
  const offset = given.sessionId === undefined ? START_OF_LOG : await tailOf(call, sessionId)
  gone.throwIfAborted()
  // From here on it is not broken off: what becomes of the intent must be known.
  const accepted = (await client.submit(type, given.payload, { sessionId, intentId })) as AcceptedIntent
  const { execution_id: executionId } = accepted
  const execution = await cancelledWith(call, executionId, async () => {
    const before = given.intentId === undefined ? null : await lookAt(call, executionId)
    // What was sent once already may have ended before the offset.
    if (before !== null && isFinal(before.status)) return before
    return watch(call, { executionId, sessionId, offset, waitMs: given.waitMs })
  })
  return outcomeAnswer({ accepted, execution }, station.limits.linksMax)
}

/** Somebody who asks to stop means the work; a connection that is lost means nothing. */
async function cancelledWith(
  call: Call,
  executionId: string,
  work: () => Promise<Execution | null>,
): Promise<Execution | null> {
  try {
    return await work()
  } catch (error) {
    const reason = call.cancelReason()
    if (reason !== null) await call.client.cancel(executionId, { reason })
    throw error
  }
}

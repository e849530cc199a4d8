// What a socket has asked and is not yet answered. Answers come in whichever order they are ready, each with its request's id.

import { type AcceptedIntent, ProblemError } from '@biplane/protocol'
import type * as z from 'zod'

import type { Caller } from '../identity/identity.ts'
import type { Call, CallMessage } from './call.ts'
import type { Line } from './line.ts'
import type { ListCapabilities, Query, Submit } from './messages.ts'
import { ask, outcomeOf, submit } from './submission.ts'

/** Each throws ProblemError rate_limited if too much is asked at once; what goes wrong later is told by `fail`. */
export interface Requests {
  submit(message: z.output<typeof Submit>): void
  query(message: z.output<typeof Query>): void
  call(call: Call, message: CallMessage): void
  listCapabilities(message: z.output<typeof ListCapabilities>): void
  count(): number
  /** Nobody hears the answers any more: queries and waits are given up. */
  end(): void
}

export function createRequests({ kit, limits, presence, outbox, fail }: Line): Requests {
  const gone = new AbortController()
  let underWay = 0

  function begin({ id }: { id: string }, work: () => Promise<void>): void {
    if (underWay >= limits.requestsMax) {
      throw new ProblemError('rate_limited', `One socket has at most ${limits.requestsMax} requests under way.`)
    }
    underWay++
    work()
      .catch((error: unknown) => {
        if (!gone.signal.aborted) fail(error, { id })
      })
      .finally(() => underWay--)
  }

  const beginAs = (message: { id: string; tenant_id?: string | undefined }, work: (caller: Caller) => Promise<void>) =>
    begin(message, async () => work(await presence.callerOf(message.tenant_id)))

  const answer = (id: string, answer: unknown) => outbox.deliver({ type: 'answer', id, answer })
  const accept = (id: string, accepted: AcceptedIntent) => outbox.post({ type: 'accepted', id, ...accepted })

  return {
    submit: (message) =>
      beginAs(message, async (caller) => {
        const { id, wait_ms } = message
        const accepted = await submit(kit, caller, message)
        accept(id, accepted)
        if (wait_ms === undefined) return
        const outcome = await outcomeOf(kit.clientOf(caller), accepted.execution_id, wait_ms, gone.signal)
        await outbox.deliver({ id, ...outcome })
      }),
    query: (message) =>
      beginAs(message, async (caller) => answer(message.id, await ask(kit, caller, message, gone.signal))),
    call: ({ ask, isAccepted }, message) =>
      beginAs(message, async (caller) => {
        const given = await ask(kit.clientOf(caller), message as never)
        if (isAccepted) accept(message.id, given as AcceptedIntent)
        else await answer(message.id, given)
      }),
    listCapabilities: (message) =>
      begin(message, async () => {
        const capabilities = kit.catalogue.capabilities()
        if (capabilities === null) throw new ProblemError('runtime_unavailable')
        await answer(message.id, { capabilities })
      }),
    count: () => underWay,
    end: () => gone.abort(),
  }
}

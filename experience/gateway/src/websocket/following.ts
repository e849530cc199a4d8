// The logs that one socket follows (docs/protocol.md §6). Each is read at the pace of the socket, across whatever happens to the
// runtime, until it is closed, no longer wanted, or cannot be read.

import { ProblemError, type SessionId } from '@biplane/protocol'
import type * as z from 'zod'

import type { Line } from './line.ts'
import type { Subscribe } from './messages.ts'
import type { Proof } from './proof.ts'

export interface Following {
  /** Another one of the same session takes the place of the first. */
  subscribe(message: z.output<typeof Subscribe>): void
  unsubscribe(sessionId: SessionId): void
  count(): number
  end(): void
}

export function createFollowing({ kit, limits, presence, outbox, fail }: Line, proof: Proof): Following {
  const followed = new Map<SessionId, AbortController>()

  async function follow(message: z.output<typeof Subscribe>, signal: AbortSignal): Promise<void> {
    const { session_id, tenant_id } = message
    let offset = message.offset ?? '-1'
    const send = async (more: { type: string; event?: unknown }) => {
      const said = { ...more, session_id, offset }
      await proof.holding()
      await outbox.deliver(said, () => !signal.aborted)
    }
    const onCaughtUp = (at: string) => {
      offset = at
      void send({ type: 'caught_up' })
    }
    const client = kit.clientOf({
      ...(await presence.callerOf(tenant_id)),
      // A subscription outlives what was shown when it began.
      freshToken: async () => (await presence.callerOf(tenant_id)).freshToken(),
    })
    for await (const next of client.follow(session_id, { offset, signal, onCaughtUp })) {
      ;({ offset } = next)
      await send({ type: 'event', event: next.event })
    }
    await send({ type: 'closed' })
  }

  return {
    subscribe(message) {
      const { id, session_id } = message
      followed.get(session_id)?.abort()
      if (!followed.has(session_id) && followed.size >= limits.subscriptionsMax) {
        const detail = `One socket follows at most ${limits.subscriptionsMax} sessions.`
        return fail(new ProblemError('rate_limited', detail), { id, session_id })
      }
      const subscription = new AbortController()
      followed.set(session_id, subscription)
      follow(message, subscription.signal)
        .catch((error: unknown) => {
          if (!subscription.signal.aborted) fail(error, { id, session_id })
        })
        .finally(() => {
          if (followed.get(session_id) === subscription) followed.delete(session_id)
        })
    },
    unsubscribe(sessionId) {
      followed.get(sessionId)?.abort()
      followed.delete(sessionId)
    },
    count: () => followed.size,
    end: () => followed.forEach((subscription) => subscription.abort()),
  }
}

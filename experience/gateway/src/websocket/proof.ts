// The time that a socket has to prove whose it is: at the beginning, if the upgrade brought nothing that counts, and again when
// what was shown has ended or was revoked (docs/protocol.md §6 and §10).

import { CLOSED_UNAUTHENTICATED, ProblemError } from '@biplane/protocol'
import type * as z from 'zod'

import type { Credential } from '../identity/credential.ts'
import type { Line } from './line.ts'
import type { Authenticate } from './messages.ts'

export interface Proof {
  authenticate(message: z.output<typeof Authenticate>): Promise<void>
  /** Resolves when what was shown counts, which is at once unless it has ended: what is followed waits for it. */
  holding(): Promise<void>
}

export function createProof({ kit, limits, socket, presence, outbox, fail, end, afterFailure }: Line): Proof {
  let overdue: { timer: NodeJS.Timeout; proved: PromiseWithResolvers<void> } | null = null
  let forget = () => {}
  const close = () => end(CLOSED_UNAUTHENTICATED, 'authenticate')

  const demand = () => {
    overdue ??= { timer: setTimeout(close, limits.authenticateMs), proved: Promise.withResolvers() }
  }

  function settle(): void {
    clearTimeout(overdue?.timer)
    overdue?.proved.resolve()
    overdue = null
  }

  function watch(): void {
    forget()
    const credential = presence.credential()
    if (credential === null) return
    forget = kit.whileHolds(credential, () => {
      fail(new ProblemError('unauthenticated', 'What was shown has ended, or was revoked: authenticate again.'), {})
      demand()
    })
  }

  if (presence.isLocked()) demand()
  else watch()
  socket.on('close', () => {
    forget()
    settle()
  })

  return {
    async authenticate({ id, token }) {
      try {
        const whose = await presence.authenticate(token)
        settle()
        watch()
        outbox.post({ type: 'authenticated', id, ...(whose === null ? {} : told(whose)) })
      } catch (error) {
        const isFailure = error instanceof ProblemError && error.code === 'unauthenticated'
        fail(isFailure ? afterFailure(error) : error, { id })
        if (presence.isLocked()) close()
      }
    },
    async holding() {
      await overdue?.proved.promise
    },
  }
}

const told = ({ tenantId, subject, endsAtMs }: Credential) => ({
  tenant_id: tenantId,
  subject,
  ...(Number.isFinite(endsAtMs) ? { expires_at: new Date(endsAtMs).toISOString() } : {}),
})

// The time that a socket has to prove whose it is: at the beginning, if the upgrade brought nothing that counts, and again when
// what was shown has ended or was revoked (docs/protocol.md §6 and §10).

import { CLOSED_UNAUTHENTICATED, ProblemError } from '@biplane/protocol'
import type * as z from 'zod'

import type { Credential } from '../identity/credential.ts'
import type { Line } from './line.ts'
import type { Authenticate } from './messages.ts'

export interface Proof {
  authenticate(message: z.output<typeof Authenticate>): Promise<void>
  /** Whether what was shown counts: unless it does, nothing is told of what is followed. */
  holds(): boolean
  /** Called when it does again. */
  onAgain(again: () => void): void
}

export function createProof({ kit, limits, socket, presence, outbox, fail, end, afterFailure }: Line): Proof {
  let overdue: NodeJS.Timeout | null = null
  let forget = () => {}
  let again = () => {}
  const close = () => end(CLOSED_UNAUTHENTICATED, 'authenticate')

  const demand = () => {
    overdue ??= setTimeout(close, limits.authenticateMs)
  }

  function settle(): void {
    if (overdue === null) return
    clearTimeout(overdue)
    overdue = null
    again()
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
    holds: () => overdue === null,
    onAgain: (tell) => void (again = tell),
  }
}

const told = ({ tenantId, subject, endsAtMs }: Credential) => ({
  tenant_id: tenantId,
  subject,
  ...(Number.isFinite(endsAtMs) ? { expires_at: new Date(endsAtMs).toISOString() } : {}),
})

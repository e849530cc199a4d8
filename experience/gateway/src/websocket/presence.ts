// Who is on a socket. Credentials come with the upgrade, or in a message, since a browser cannot set headers. Each request resolves
// its caller anew, so that what has ended counts no more, and what is shown next does from the next request on.

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError } from '@biplane/protocol'

import type { Credential } from '../identity/credential.ts'
import type { Caller, Identity } from '../identity/identity.ts'
import { presentedIn } from '../identity/presented.ts'

export interface Presence {
  /** What was shown; null on open loopback, where nothing need be, and while nothing was. */
  credential(): Credential | null
  /** Nothing was shown yet, and something must be. */
  isLocked(): boolean
  /** Waits for a token that is being looked at. `named`: the tenant in the message. @throws ProblemError as `Identity.resolve` */
  callerOf(named?: string): Promise<Caller>
  /** `tenant` is meant from now on where a message names none. @throws ProblemError session_not_found */
  greet(tenant: string): Promise<void>
  /** Null where a token means nothing. @throws ProblemError unauthenticated, or forbidden for another tenant or subject */
  authenticate(token: string): Promise<Credential | null>
}

/** @throws ProblemError if the credentials of the upgrade do not hold, or are those of another tenant than it names */
export async function admit(identity: Identity, headers: IncomingHttpHeaders, tenant?: string): Promise<Presence> {
  let credential
  try {
    credential = await identity.authenticate(headers)
  } catch (error) {
    // A browser shows a cookie that is over whether or not the page means it, and cannot read what the upgrade is refused with.
    const meansIt = ['key', 'token'].includes(presentedIn(headers)?.kind ?? '')
    if (meansIt || !(error instanceof ProblemError) || error.code !== 'unauthenticated') throw error
    return createPresence(identity, null, null, tenant)
  }
  if (credential !== null && tenant !== undefined && tenant !== credential.tenantId) {
    throw new ProblemError('session_not_found')
  }
  return createPresence(identity, headers, credential, tenant)
}

function createPresence(
  identity: Identity,
  shown: IncomingHttpHeaders | null,
  credential: Credential | null,
  tenant: string | undefined,
): Presence {
  let settled: Promise<unknown> = Promise.resolve()

  /** What comes behind a change in the order of messages is asked by whoever it brings. */
  function change<T>(make: () => Promise<T>): Promise<T> {
    const made = settled.then(make)
    settled = made.catch(() => {})
    return made
  }

  async function resolve(named: string | undefined): Promise<Caller> {
    if (shown === null) throw new ProblemError('unauthenticated', 'No token was shown on this socket yet.')
    return identity.resolve(shown, named)
  }

  return {
    credential: () => credential,
    isLocked: () => shown === null,
    async callerOf(named) {
      await settled
      return resolve(named ?? tenant)
    },
    greet: (named) =>
      change(async () => {
        await resolve(named)
        tenant = named
      }),
    authenticate: (token) =>
      change(async () => {
        const headers = { authorization: `Bearer ${token}` }
        const next = await identity.authenticate(headers)
        if (credential !== null && !isSame(credential, next)) {
          throw new ProblemError('forbidden', 'The socket is that of another tenant or subject: open a new one.')
        }
        shown = headers
        credential = next
        return next
      }),
  }
}

const isSame = (one: Credential, other: Credential | null): boolean =>
  one.tenantId === other?.tenantId && one.subject === other.subject && one.sessionId === other.sessionId

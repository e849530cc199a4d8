// The session of a browser, which is all in its cookie. One cookie lasts an hour. While the page is in use it is made anew from the
// provider's refresh token, so that whoever may not come in any more is out within the hour; without one, the person is sent to
// the provider again, who as a rule knows them still.

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError } from '@biplane/protocol'
import * as z from 'zod'

import type { Credential } from '../identity/credential.ts'
import { SESSION_COOKIE } from '../identity/presented.ts'
import { scopesOf } from '../identity/role.ts'
import { createBoundedMap } from '../kit/bounded-map.ts'
import { Person } from './person.ts'
import type { Provider, SignedIn } from './provider.ts'
import { COOKIE_CHARS_MAX, sealedCookie } from './sealed-cookie.ts'

const COOKIE_LIFE_S = 60 * 60
/** From signing in to having to do it again. */
const SESSION_LIFE_S = 12 * 60 * 60
/** How long an answer of the provider is kept for other tabs that ask with the same cookie: a refresh token may count once. */
const ANSWER_KEPT_MS = 30_000
const ANSWERS_KEPT_MAX = 1_000

/** `began`: when the person signed in; `made`: when the provider last spoke for them. In seconds since 1970. */
export const Session = z.object({
  ...Person.shape,
  began: z.number(),
  made: z.number(),
  refresh: z.string().optional(),
})
export type Session = z.infer<typeof Session>

export interface Sessions {
  /** Null if there is none, or its time is over. */
  read(headers: IncomingHttpHeaders, origin: URL): Promise<Session | null>
  /** The same, renewed if it is time. `cookie` is a Set-Cookie header, if the browser is to keep another one. */
  readFresh(headers: IncomingHttpHeaders, origin: URL): Promise<{ session: Session | null; cookie?: string }>
  /** A Set-Cookie header for somebody who comes from the provider. */
  begin(signedIn: SignedIn, origin: URL): Promise<string>
  clear(origin: URL): string
}

export function createSessions(key: Uint8Array, provider: Provider): Sessions {
  const sealed = sealedCookie(key, SESSION_COOKIE, Session)
  const answers = createBoundedMap<{ answer: Promise<SignedIn | null>; keptUntilMs: number }>(ANSWERS_KEPT_MAX)

  /** Some providers give refresh tokens of several thousand characters. Without it there is still the hour. */
  async function write(session: Session, origin: URL): Promise<string> {
    const whole = await sealed.write(session, endOf(session), origin)
    if (whole.length <= COOKIE_CHARS_MAX) return whole
    return sealed.write({ ...session, refresh: undefined }, endOf(session), origin)
  }

  function renew({ refresh = '', ...person }: Session): Promise<SignedIn | null> {
    const known = answers.get(refresh)
    if (known !== undefined && Date.now() < known.keptUntilMs) return known.answer
    const answer = provider.renew(person, refresh)
    answers.set(refresh, { answer, keptUntilMs: Date.now() + ANSWER_KEPT_MS })
    answer.catch(() => answers.set(refresh, { answer, keptUntilMs: 0 }))
    return answer
  }

  async function renewed(session: Session): Promise<Session | null> {
    try {
      const signedIn = await renew(session)
      return signedIn === null ? null : sessionOf(signedIn, session.began)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      // What an absent provider said last counts until its hour is over.
      return error.code === 'sign_in_unavailable' ? session : null
    }
  }

  return {
    read: (headers, origin) => sealed.read(headers, origin),
    async readFresh(headers, origin) {
      const held = await sealed.read(headers, origin)
      if (held === null || !isDue(held)) return { session: held }
      const session = await renewed(held)
      if (session === held) return { session }
      return { session, cookie: session === null ? sealed.clear(origin) : await write(session, origin) }
    },
    begin: (signedIn, origin) => write(sessionOf(signedIn, nowS()), origin),
    clear: (origin) => sealed.clear(origin),
  }
}

const sessionOf = ({ person, refreshToken }: SignedIn, began: number): Session => ({
  ...person,
  began,
  made: nowS(),
  refresh: refreshToken,
})

/** Half of its hour is gone, and there is something to make a new one from. */
const isDue = ({ made, began, refresh }: Session): boolean =>
  refresh !== undefined && nowS() - made > COOKIE_LIFE_S / 2 && nowS() - began < SESSION_LIFE_S

const endOf = ({ made, began }: Session): number => Math.min(made + COOKIE_LIFE_S, began + SESSION_LIFE_S)

export function credentialOfSession(session: Session): Credential {
  const { tenant_id: tenantId, sub: subject, role } = session
  const endsAtMs = endOf(session) * 1000
  return { tenantId, subject, role, scopes: scopesOf(role), endsAtMs, holds: async () => Date.now() < endsAtMs }
}

const nowS = (): number => Math.floor(Date.now() / 1000)

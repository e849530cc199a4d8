// What a request shows of who sends it. One thing counts: a credential that a program has put there itself goes before a cookie,
// which a browser sends whoever asks.

import type { IncomingHttpHeaders } from 'node:http'

import { KEY_PREFIX } from './key-file.ts'

export type Presented = { kind: 'key' | 'token'; value: string } | { kind: 'cookie' }

export const SESSION_COOKIE = 'session'
export const SIGN_IN_COOKIE = 'sign-in'
const cookieFor = (purpose: string) => new RegExp(`(?:^|;\\s*)(?:__Host-)?biplane-${purpose}=`)
const COOKIE_OF_SESSION = cookieFor(SESSION_COOKIE)
const COOKIE_OF_SIGN_IN = cookieFor(SIGN_IN_COOKIE)

/** Null if nothing is shown that could say who it is. */
export function presentedIn(headers: IncomingHttpHeaders): Presented | null {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return { kind: bearer.startsWith(KEY_PREFIX) ? 'key' : 'token', value: bearer }
  const key = headers['x-api-key']
  if (typeof key === 'string') return { kind: 'key', value: key }
  return COOKIE_OF_SESSION.test(headers.cookie ?? '') ? { kind: 'cookie' } : null
}

/** Whether something is shown that could be tried: also what a browser brings back from the provider that signs it in. */
export const showsSomething = (headers: IncomingHttpHeaders): boolean =>
  presentedIn(headers) !== null || COOKIE_OF_SIGN_IN.test(headers.cookie ?? '')

// A browser sends its cookies whoever made it send the request. So a request that stands on a cookie alone, and may change
// something, must prove that a page of this origin sent it, twice over:
//
//  1. Its Origin is ours, or, where a browser leaves that out, Sec-Fetch-Site says same-origin. No page can set either.
//  2. It has the header `Biplane-Csrf: 1`. A form cannot send one, and a page of another origin only if CORS lets it, which
//     it does for nobody (protocol/src/loopback.ts lists what it lets through).
//
// Beside that the cookie is SameSite=Lax, and no answer lets another origin read what a cookie brought. A WebSocket cannot have
// headers of its own, so for it the first is asked for strictly: its Origin must be there and be ours.

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError } from '@biplane/protocol'

const CSRF_HEADER = 'biplane-csrf'
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** The problem with which a request that stands on a cookie must be refused, or null. `origin` is ours. */
export function refusedForgery(method: string, headers: IncomingHttpHeaders, origin: URL): ProblemError | null {
  if (headers.upgrade !== undefined) {
    return headers.origin === origin.origin
      ? null
      : forged('A socket with a cookie is opened by pages of this origin alone.')
  }
  if (SAFE_METHODS.includes(method)) return null
  const isOurs =
    headers.origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : headers.origin === origin.origin
  if (!isOurs) return forged('The browser does not say that it comes from a page of this origin.')
  return headers[CSRF_HEADER] === '1' ? null : forged('The header Biplane-Csrf: 1 is missing.')
}

const forged = (detail: string): ProblemError => new ProblemError('forgery_suspected', detail)

// Who may call a port that asks for no token. A program on the machine may; a web page of another site must not, though the
// browser that runs it is on the machine too. Two rules hold it off, over nothing but what a request's headers say:
//
//  1. The Host must be a name of the loopback, or a configured one. A page that rebinds its own name to 127.0.0.1 still sends
//     its own name.
//  2. A request whose Origin is neither the served one nor configured is refused, and so is one that the browser marks
//     cross-site, unless a person followed a link here. Programs send neither header, and pass.

import { ProblemError } from './problem.ts'

export interface SiteRules {
  /** Names served beside the loopback's own, in lower case and without ports. */
  hosts: readonly string[]
  /** Web origins that may call although they are another site, such as `https://app.example.com`. */
  origins: readonly string[]
}

/** The headers that the rules look at, named as they are on the wire in lower case. */
export interface SiteHeaders {
  host?: string | undefined
  origin?: string | undefined
  'sec-fetch-site'?: string | string[] | undefined
  'sec-fetch-mode'?: string | string[] | undefined
  'sec-fetch-dest'?: string | string[] | undefined
}

/** Comma-separated, as in BIPLANE_HOSTS: `runtime, api.example.com:8443`. Ports are dropped. */
export const parseHosts = (list: string): string[] =>
  list
    .split(',')
    .map((name) => hostname(name.trim()))
    .filter((name) => name !== '')

/** True for `localhost`, its subdomains, 127.0.0.0/8 and ::1, with or without brackets. */
export function isLoopback(name: string): boolean {
  const bare = name.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
}

/** The problem with which a request must be refused, or null if it may pass. Ask before anything else of it is looked at. */
export function refusedSite(method: string, headers: SiteHeaders, rules: SiteRules): ProblemError | null {
  const host = headers.host ?? ''
  const name = hostname(host)
  if (!isLoopback(name) && !rules.hosts.includes(name)) {
    return new ProblemError('host_refused', `The Host "${host}" is not served here.`)
  }
  if (headers.origin !== undefined) {
    if (isSameOrigin(headers.origin, host) || rules.origins.includes(headers.origin)) return null
    return new ProblemError('origin_refused', `The Origin "${headers.origin}" is another site.`)
  }
  if (headers['sec-fetch-site'] === 'cross-site' && !isFollowedLink(method, headers)) {
    return new ProblemError('origin_refused', 'The browser says that another site asks.')
  }
  return null
}

/** What a configured origin may read and send, as response headers; null for every other request. */
export function corsHeaders(origin: string | undefined, rules: SiteRules): Record<string, string> | null {
  if (origin === undefined || !rules.origins.includes(origin)) return null
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
    'access-control-allow-headers':
      'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer, Range, Traceparent, ' +
      'Mcp-Method, Mcp-Name, Mcp-Protocol-Version, ' +
      'Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset',
    'access-control-expose-headers':
      'Content-Disposition, ETag, Link, Location, Retry-After, ' +
      'Stream-Closed, Stream-Cursor, Stream-Next-Offset, Stream-Up-To-Date, ' +
      'Artifact-Id, RateLimit, RateLimit-Policy, Tus-Resumable, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}

const isFollowedLink = (method: string, headers: SiteHeaders): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

/** `Host` leaves out the default port of a scheme that it does not name, so it is read with the Origin's. */
function isSameOrigin(origin: string, host: string): boolean {
  const theirs = URL.parse(origin)
  return theirs !== null && URL.parse(`${theirs.protocol}//${host}`)?.host === theirs.host
}

/** A Host header without its port. An IPv6 address keeps its brackets. */
const hostname = (host: string): string => host.toLowerCase().replace(/:\d*$/, '')

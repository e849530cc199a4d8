// The origin by which a browser knows this gateway, such as `https://app.example.com`. Behind whatever ends TLS the gateway sees
// neither the scheme nor always the name, so both can be configured; else it is the Host of the request, with TLS unless that is
// a name of the loopback.

import type { IncomingHttpHeaders } from 'node:http'

import { isLoopback } from '@biplane/protocol'

/** `publicUrl`: as configured, if it is. The Host of the request has been checked before (protocol/src/loopback.ts). */
export function originOf({ host = '' }: IncomingHttpHeaders, publicUrl: string | undefined): URL {
  if (publicUrl !== undefined) return new URL(publicUrl)
  const scheme = isLoopback(host.replace(/:\d*$/, '')) ? 'http' : 'https'
  return new URL(`${scheme}://${host}`)
}

export const isSecure = (origin: URL): boolean => origin.protocol === 'https:'

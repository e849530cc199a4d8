// The upgrade to the WebSocket of docs/protocol.md §6: who may open one, and within which bounds.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError, SUBPROTOCOL, type SiteRules, refusedSite } from '@biplane/protocol'
import { WebSocketServer } from 'ws'

import type { Runtime } from '../runtime-parts.ts'
import { type Access, requireRoom } from './access.ts'
import { refuseSocket } from './connection.ts'
import { type Principal, bearerOf } from './principal.ts'
import { serveReader } from './socket-reader.ts'

/** Beside ROUTES: it is no request with an answer. */
export const SOCKET = {
  url: '/api/events',
  access: { scope: 'event:read', notFound: 'session_not_found', bound: 'own' } satisfies Access,
}

/** A token, a filter, and a little more. */
const MESSAGE_BYTES_MAX = 16 * 1024
const FRAGMENTS_MAX = 16
/** Pieces in which one frame may come. */
const PIECES_MAX = 1_024

export function serveEventSocket(server: Server, runtime: Runtime, rules: SiteRules): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: PIECES_MAX,
    perMessageDeflate: false,
    // Who offers others alone is spoken to in this one all the same, and will leave if that means nothing to it.
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  })
  server.on('upgrade', (request, socket: Duplex, head) => {
    // Node has taken its own ear off: one that breaks now would end the process.
    socket.on('error', (error) => runtime.log.info({ error: error.message }, 'a socket broke off'))
    admit(request, runtime, rules).then(
      (who) => sockets.handleUpgrade(request, socket, head, (opened) => serveReader(opened, runtime, who)),
      (error: unknown) => refuseSocket(socket, asProblem(error, runtime)),
    )
  })
}

/** Null if nobody has proved anything yet: a browser cannot, before it is open. */
async function admit(request: IncomingMessage, runtime: Runtime, rules: SiteRules): Promise<Principal | null> {
  const { verify } = runtime
  const refused = refusedSite('GET', request.headers, rules)
  if (refused) throw refused
  if (request.url?.split('?')[0] !== SOCKET.url) throw new ProblemError('route_not_found')
  if (!verify || request.headers.authorization === undefined) return null
  const who = await bearerOf(request.headers, verify, SOCKET.access.scope)
  requireRoom(runtime, who)
  return who
}

function asProblem(error: unknown, { log }: Runtime): ProblemError {
  if (error instanceof ProblemError) return error
  log.error({ error: String(error) }, 'a socket failed unexpectedly')
  return new ProblemError('internal')
}

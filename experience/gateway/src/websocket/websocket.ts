// The socket of the gateway: everything that a client can do, on one connection (docs/protocol.md §10). Its document is made from
// the schemas of its messages and from the catalogue, like that of REST.

import { randomUUID } from 'node:crypto'

import { ProblemError, SUBPROTOCOL } from '@biplane/protocol'
import { WebSocketServer } from 'ws'

import type { Surface } from '../kit/kit.ts'
import { allow } from '../kit/server.ts'
import { asyncApiOf } from './asyncapi.ts'
import { CLOSE, LIMITS, type SocketLimits } from './limits.ts'
import { SOCKET_ADDRESS } from './messages.ts'
import { admit } from './presence.ts'
import { serveSocket } from './socket.ts'

/** `limits`: what differs from the usual. */
export const createWebSocketSurface = (limits: Partial<SocketLimits> = {}): Surface => ({
  name: 'websocket',
  mount(app, kit): void {
    const bounds = { ...LIMITS, ...limits }
    const server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: bounds.messageBytesMax,
      maxFragments: bounds.fragmentsMax,
      maxBufferedChunks: bounds.piecesMax,
      handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
    })
    kit.sockets.at(SOCKET_ADDRESS, async ({ request, socket: raw, head, query, afterFailure }) => {
      const presence = await admit(kit.identity, request.headers, query.get('tenant_id') ?? undefined)
      server.handleUpgrade(request, raw, head, (socket) => {
        serveSocket(kit, bounds, app.log, { socket, presence, name: `sock_${randomUUID()}`, afterFailure })
      })
    })
    kit.stopping.addEventListener('abort', () => {
      for (const socket of server.clients) socket.close(CLOSE.stopping, 'the gateway is stopping')
    })
    app.all(SOCKET_ADDRESS, () => {
      throw new ProblemError('upgrade_required', `${SOCKET_ADDRESS} is a WebSocket.`)
    })
    app.all('/asyncapi.json', async (request, reply) => {
      allow(['GET', 'HEAD'], request, reply)
      return asyncApiOf(kit.catalogue.capabilities() ?? [])
    })
  },
})

export const websocket = createWebSocketSurface()

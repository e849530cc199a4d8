// REST: every capability of the catalogue at its address, and the runtime's own wire beside them at the same paths. One matcher
// serves all capabilities; none is written here by hand.

import type { FastifyInstance } from 'fastify'

import type { Kit, Surface } from '../kit/kit.ts'
import { allow } from '../kit/server.ts'
import { relaySockets } from '../kit/socket-relay.ts'
import { serveCapability } from './capability.ts'
import { openApiOf } from './openapi.ts'
import { WIRE } from './wire-calls.ts'
import { relayWire } from './wire.ts'

export const rest: Surface = {
  name: 'rest',
  mount(app: FastifyInstance, kit: Kit): void {
    for (const [pattern, call] of Object.entries(WIRE)) {
      app.all(`/v1${pattern}`, (request, reply) => relayWire(kit, request, reply, pattern, call))
    }
    relaySockets(app.server, kit, app.log, '/v1/events', '/events')
    app.all('/v1/*', (request, reply) => serveCapability(kit, request, reply))
    app.all('/openapi.json', async (request, reply) => {
      allow(['GET', 'HEAD'], request, reply)
      return openApiOf(kit.catalogue.capabilities() ?? [])
    })
  },
}

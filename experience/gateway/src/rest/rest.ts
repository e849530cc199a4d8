// REST: every capability of the catalogue at its address, and the runtime's own wire beside them at the same paths. One matcher
// serves all capabilities; none is written here by hand.

import type { FastifyInstance } from 'fastify'

import type { Kit, Surface } from '../kit/kit.ts'
import { relaySockets } from '../kit/socket-relay.ts'
import { serveCapability } from './capability.ts'
import { serveDocuments } from './documents.ts'
import { serveReference } from './reference/page.ts'
import { serveUploads } from './uploads/uploads.ts'
import { WIRE } from './wire-calls.ts'
import { relayWire } from './wire.ts'

export const rest: Surface = {
  name: 'rest',
  mount(app: FastifyInstance, kit: Kit): void {
    for (const [pattern, call] of Object.entries(WIRE)) {
      app.all(`/v1${pattern}`, (request, reply) => relayWire(kit, request, reply, pattern, call))
    }
    serveUploads(app, kit)
    relaySockets(kit, '/v1/events', '/events')
    app.all('/v1/*', (request, reply) => serveCapability(kit, request, reply))
    serveDocuments(app, kit)
    serveReference(app)
  },
}

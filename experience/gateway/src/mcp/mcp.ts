// MCP over HTTP: `/mcp` of the gateway. No request needs what an earlier one left here, so any of several gateways may take it;
// what goes on is in the runtime's log. Clients of 2026-07-28 and of the years before are served by the same tools.

import type { Readable } from 'node:stream'

import { type McpHttpHandler, createMcpHandler } from '@modelcontextprotocol/server'
import type { FastifyInstance } from 'fastify'

import type { Kit, Surface } from '../kit/kit.ts'
import { allow } from '../kit/server.ts'
import { doorFor } from './http-door.ts'
import { responseTo, send, webRequestOf } from './http-exchange.ts'
import { LIMITS, type McpLimits } from './limits.ts'
import { createMcpServer } from './mcp-server.ts'
import { type Slots, createSlots } from './slots.ts'
import type { Door, Station } from './station.ts'
import { createTools } from './tools.ts'

const ADDRESS = '/mcp'

/** `limits`: what differs from the usual. `createServer`: what answers, once for each request. */
export const createMcpSurface = (limits: Partial<McpLimits> = {}, createServer = createMcpServer): Surface => ({
  name: 'mcp',
  mount(app, kit): void {
    const bounds = { ...LIMITS, ...limits }
    const slots = createSlots(bounds)
    const station: Station = {
      tools: createTools(kit.catalogue, bounds),
      slots,
      limits: bounds,
      stopping: kit.stopping,
    }
    const doors = new WeakMap<Request, Door>()
    const handler = createMcpHandler(
      ({ era, requestInfo }) => createServer(station, doorIn(doors, requestInfo), era === 'modern'),
      {
        maxSubscriptions: bounds.subscriptionsMax,
        onerror: (error) => app.log.info({ reason: String(error) }, 'a request of MCP was refused or broke off'),
      },
    )
    serve(app, kit, handler, doors)
    kit.catalogue.onChange(() => handler.notify.toolsChanged())
    kit.stopping.addEventListener('abort', () => void closeWhenIdle(handler, slots))
  },
})

export const mcp = createMcpSurface()

function serve(app: FastifyInstance, kit: Kit, handler: McpHttpHandler, doors: WeakMap<Request, Door>): void {
  app.all(ADDRESS, async (request, reply) => {
    // The years before 2026 had GET and DELETE for sessions, which are not held here.
    allow(['POST'], request, reply)
    const door = await doorFor(kit, request)
    const web = webRequestOf(request, reply)
    doors.set(web, door)
    return send(reply, await responseTo(handler, web, request.body as Readable | undefined))
  })
}

function doorIn(doors: WeakMap<Request, Door>, request: Request | undefined): Door {
  const door = request && doors.get(request)
  if (door === undefined) throw new Error('A request came in by no door.')
  return door
}

/** What waits answers first, with what it knows; closing ends the streams that would not end by themselves. */
async function closeWhenIdle(handler: McpHttpHandler, slots: Slots): Promise<void> {
  await slots.idle()
  setImmediate(() => void handler.close())
}

// A gateway in numbers, in Prometheus' form (docs/operations.md). Routes are told apart by their patterns: ids never become labels.

import { ProblemError } from '@biplane/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

import type { Identity } from '../identity/identity.ts'
import { allow } from './server.ts'

const ANSWER_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30]

/** Counts everything that is mounted after it, and serves `/metrics`: to everybody if `isOpen`, else to admins. */
export function serveMetrics(app: FastifyInstance, identity: Identity, isOpen: boolean): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  countAnswers(app, registry)
  countSockets(app, registry)

  app.all('/metrics', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    if (!isOpen) {
      const { scopes } = await identity.resolve(request.headers, undefined)
      if (!scopes.includes('admin')) throw new ProblemError('forbidden', 'The metrics are for the role admin.')
    }
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

function countAnswers(app: FastifyInstance, registry: Registry): void {
  const answers = new Histogram({
    name: 'biplane_gateway_answer_seconds',
    help: 'Answers by route and status; those that stay open are counted when they end.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: ANSWER_SECONDS,
    registers: [registry],
  })
  const open = new Gauge({
    name: 'biplane_gateway_requests_open',
    help: 'Requests that have no whole answer yet, open streams included.',
    registers: [registry],
  })
  app.addHook('onRequest', async (_request, { raw }) => {
    open.inc()
    raw.once('close', () => open.dec())
  })
  app.addHook('onResponse', async (request, reply) => {
    answers.observe(labelsOf(request, reply), reply.elapsedTime / 1000)
  })
}

function countSockets({ server }: FastifyInstance, registry: Registry): void {
  const sockets = new Gauge({
    name: 'biplane_gateway_sockets_open',
    help: 'WebSockets, those that are being refused included.',
    registers: [registry],
  })
  server.on('upgrade', (_request, socket) => {
    sockets.inc()
    socket.once('close', () => sockets.dec())
  })
}

const labelsOf = ({ method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply) => ({
  method,
  route: routeOptions.url ?? 'none',
  status: String(statusCode),
})

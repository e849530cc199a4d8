// The runtime's HTTP in numbers. Routes are told apart by their patterns, so that ids never become labels.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Gauge, Histogram, type Registry } from 'prom-client'

export interface HttpMetrics {
  /** Counts every answer of a server. */
  count(app: FastifyInstance): void
}

const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30]

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const answers = new Histogram({
    name: 'biplane_http_answer_seconds',
    help: 'Answers by route and status; those that stay open are counted when they end.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: ANSWER_SECONDS,
    registers,
  })
  const open = new Gauge({
    name: 'biplane_http_requests_open',
    help: 'Requests that have no whole answer yet, open streams included.',
    registers,
  })
  return {
    count(app) {
      app.addHook('onRequest', async (_request, { raw }) => {
        open.inc()
        raw.once('close', () => open.dec())
      })
      app.addHook('onResponse', async (request, reply) => answers.observe(labelsOf(request, reply), seconds(reply)))
    },
  }
}

const seconds = ({ elapsedTime }: FastifyReply): number => elapsedTime / 1000

const labelsOf = ({ method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply) => ({
  method,
  route: routeOptions.url ?? 'none',
  status: String(statusCode),
})

// The runtime's HTTP in numbers. Routes are told apart by their patterns, so that ids never become labels.

import type { FastifyInstance } from 'fastify'
import { Gauge, type Registry } from 'prom-client'

import { TalliedHistogram } from './tallied-histogram.ts'

export interface HttpMetrics {
  /** Counts every answer of a server. */
  count(app: FastifyInstance): void
}

const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30]

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const answers = new TalliedHistogram({
    name: 'biplane_http_answer_seconds',
    help: 'Answers by route and status; those that stay open are counted when they end.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: ANSWER_SECONDS,
    registers,
  })
  let underWay = 0
  void new Gauge({
    name: 'biplane_http_requests_open',
    help: 'Requests that have no whole answer yet, open streams included.',
    registers,
    collect() {
      this.set(underWay)
    },
  })
  return {
    count(app) {
      app.addHook('onRequest', (_request, { raw }, done) => {
        underWay++
        raw.once('close', () => underWay--)
        done()
      })
      app.addHook('onResponse', ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
        answers.tally(elapsedTime / 1000, method, routeOptions.url ?? 'none', String(statusCode))
        done()
      })
    },
  }
}

// What an operator's collector reads (docs/operations.md).

import { type Asked, type Route, route } from '../route.ts'

export const metricsRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/metrics',
    summary: "The runtime in numbers, in Prometheus' text form",
    access: { scope: 'admin', notFound: 'route_not_found', bound: 'nothing', whole: true },
    answer: { status: 200, description: 'Prometheus text exposition' },
    handle: metrics,
  }),
]

async function metrics({ runtime, reply }: Asked): Promise<string> {
  reply.type(runtime.metrics.contentType)
  return runtime.metrics.text()
}

// What the runtime says of itself: the catalogue, and whether it lives and can take an intent.

import { Catalogue } from '@biplane/protocol'
import * as z from 'zod'

import { type Asked, type Route, route } from '../route.ts'

const Health = z.object({ status: z.literal('ok') })

export const systemRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/capabilities',
    summary: 'Lists what the realms of this runtime can do',
    access: 'anyone',
    answer: { status: 200, schema: Catalogue },
    handle: capabilities,
  }),
  route({
    method: 'GET',
    url: '/health',
    summary: 'The process lives',
    access: 'anyone',
    answer: { status: 200, schema: Health },
    handle: () => ({ status: 'ok' }),
  }),
  route({
    method: 'GET',
    url: '/ready',
    summary: 'The runtime can take an intent',
    access: 'anyone',
    answer: { status: 200, schema: Health },
    handle: ready,
  }),
]

function capabilities({ runtime, request, reply }: Asked) {
  const { etag, capabilities: all } = runtime.engine.catalogue
  reply.header('etag', etag)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return { capabilities: all }
}

/** @throws ProblemError shutting_down */
function ready({ runtime }: Asked) {
  runtime.engine.requireReady()
  return { status: 'ok' }
}

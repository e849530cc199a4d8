// The reference page at /docs: what /openapi.json says, for people, with a form to try each address. All of it comes from this
// origin, and the page's policy lets it ask nobody else: it works without a network, and tells nobody who reads it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { allow } from '../../kit/server.ts'
import { type Bundle, loadBundle } from './bundle.ts'

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Biplane API</title>
<link rel="icon" href="data:,">
<noscript>This page needs JavaScript. The same is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<div id="reference"></div>
<script src="/docs/reference.js"></script>
<script src="/docs/start.js"></script>
</html>
`

/** A page that a person signed in to stands on a cookie, and then has to say that it is ours. */
const START = `Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  customFetch(input, init) {
    const request = new Request(input, init)
    request.headers.set('Biplane-Csrf', '1')
    return fetch(request)
  },
  telemetry: false,
  withDefaultFonts: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  documentDownloadType: 'direct',
  showOperationId: true,
  metaData: { title: 'Biplane API' },
})
`

/** Styles may stand in the page: the bundle writes its own. Scripts may not. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function serveReference(app: FastifyInstance): void {
  const serve = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
    app.all(path, async (request, reply) => {
      allow(['GET', 'HEAD'], request, reply)
      return answer(request, reply)
    })
  serve('/docs', (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE),
  )
  serve('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START))
  serve('/docs/reference.js', async (request, reply) => sendBundle(await loadBundle(), request, reply))
}

function sendBundle({ etag, gzipped }: Bundle, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ etag, 'cache-control': 'no-cache' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.header('content-encoding', 'gzip').type('text/javascript; charset=utf-8').send(gzipped)
}

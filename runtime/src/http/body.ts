// Bodies: JSON in UTF-8 that every store keeps unchanged (docs/protocol.md §3), and nothing else but where a route takes bytes.

import { isUtf8 } from 'node:buffer'

import { MAX_BODY_BYTES, ProblemError, parseJson } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'

export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    async (_request: unknown, body: Buffer) => {
      // A call that takes no body may still name a type.
      if (body.length === 0) return undefined
      if (!isUtf8(body)) throw new ProblemError('malformed_json', 'The body is not UTF-8.')
      return parseJson(body.toString())
    },
  )
}

/** Hands the body on as the stream it is, whatever its type. */
export function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

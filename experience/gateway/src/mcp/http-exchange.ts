// One request of HTTP to the handler of the protocol, and its answer back. Bodies are read here, within our own bounds.

import { Readable } from 'node:stream'

import { ProblemError, parseJson } from '@biplane/protocol'
import { type McpHttpHandler, PARSE_ERROR, isJsonContentType } from '@modelcontextprotocol/server'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readText } from '../kit/body.ts'
import { goneSignal } from '../kit/relay.ts'

/** Without its body, which is handed over parsed. It aborts when its sender leaves. */
export function webRequestOf({ url, method, headers }: FastifyRequest, reply: FastifyReply): Request {
  const fields = Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]))
  return new Request(new URL(url, 'http://gateway'), {
    method,
    headers: fields as [string, string][],
    signal: goneSignal(reply),
  })
}

/** @throws ProblemError body_too_large or upload_incomplete */
export async function responseTo(handler: McpHttpHandler, request: Request, body: Readable | undefined) {
  // What does not say that it is JSON is refused there, unread.
  if (!isJsonContentType(request.headers.get('content-type'))) return handler.fetch(request)
  const parsed = parse(body === undefined ? '' : await readText(body))
  return 'refused' in parsed ? notJson(parsed.refused) : handler.fetch(request, { parsedBody: parsed.value })
}

function parse(text: string): { value: unknown } | { refused: ProblemError } {
  try {
    return { value: parseJson(text) }
  } catch (error) {
    if (error instanceof ProblemError) return { refused: error }
    throw error
  }
}

function notJson({ code, status, message }: ProblemError): Response {
  const error = { code: PARSE_ERROR, message, data: { code } }
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status })
}

export function send(reply: FastifyReply, { status, headers, body }: Response): FastifyReply {
  reply.code(status)
  for (const [name, value] of headers) reply.header(name, value)
  if (body === null) return reply.send()
  reply.send(Readable.fromWeb(body))
  // The first of a stream may be long in coming.
  if (headers.get('content-type')?.startsWith('text/event-stream')) reply.raw.flushHeaders()
  return reply
}

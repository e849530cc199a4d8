// The parts of a multipart form as they arrive. A file's bytes are read by whoever takes the part; until then nothing behind
// it is parsed, and the sender waits.

import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'

import { MAX_BODY_BYTES, ProblemError } from '@biplane/protocol'
import { Busboy } from '@fastify/busboy'

export type Part =
  | { kind: 'field'; name: string; text: string }
  | { kind: 'file'; name: string; filename: string | undefined; mediaType: string; bytes: Readable }

const LIMITS = { fields: 100, files: 10, parts: 110, fieldSize: MAX_BODY_BYTES, headerPairs: 50, headerSize: 16 * 1024 }

/**
 * Yields each part once. Leaving the loop stops the parsing; the body itself is left to its owner.
 * @throws ProblemError upload_invalid, upload_incomplete or body_too_large
 */
export async function* partsOf(body: Readable, headers: IncomingHttpHeaders): AsyncGenerator<Part> {
  const parser = parserFor(headers)
  const parts = new Readable({ objectMode: true, read() {} })
  let fieldBytes = 0
  let file: Readable | null = null
  const fail = (error: Error) => {
    file?.destroy(error)
    parts.destroy(error)
  }

  parser.on('field', (name, text, _nameCut, textCut) => {
    fieldBytes += name.length + text.length
    if (textCut || fieldBytes > MAX_BODY_BYTES) return fail(new ProblemError('body_too_large'))
    parts.push({ kind: 'field', name, text } satisfies Part)
  })
  parser.on('file', (name, bytes, filename: string | undefined, _encoding, mediaType) => {
    file = bytes.on('error', (cause) => fail(new ProblemError('upload_incomplete', undefined, { cause })))
    parts.push({ kind: 'file', name, filename, mediaType, bytes } satisfies Part)
  })
  for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const) {
    parser.on(limit, () => fail(new ProblemError('upload_invalid', 'The form has too many parts.')))
  }
  parser.on('error', (cause) => fail(new ProblemError('upload_incomplete', undefined, { cause })))
  parser.on('finish', () => parts.push(null))
  body.on('error', (cause) => fail(new ProblemError('upload_incomplete', undefined, { cause })))
  body.pipe(parser)

  try {
    yield* parts as AsyncIterable<Part>
  } finally {
    body.unpipe(parser)
  }
}

function parserFor(headers: IncomingHttpHeaders) {
  try {
    return new Busboy({ headers: { ...headers, 'content-type': headers['content-type'] ?? '' }, limits: LIMITS })
  } catch (cause) {
    throw new ProblemError('upload_invalid', `The form cannot be read: ${(cause as Error).message}.`, { cause })
  }
}

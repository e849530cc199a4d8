// Bodies: JSON in UTF-8 that every store keeps unchanged (docs/protocol.md §3), and nothing else but where a route takes bytes. Who
// sends slowly is not waited for longer than a bound; JSON as a whole, an upload from one piece to the next.

import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

import { MAX_BODY_BYTES, ProblemError, parseJson } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'

import type { Clock } from '../engine/ports.ts'

interface Timing {
  clock: Clock
  ms: number
}

export function acceptJson(app: FastifyInstance, timing: Timing): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async (_request: unknown, payload: IncomingMessage) => {
    const body = await readWhole(payload, timing)
    // A call that takes no body may still name a type.
    if (body.length === 0) return undefined
    if (!isUtf8(body)) throw new ProblemError('malformed_json', 'The body is not UTF-8.')
    return parseJson(body.toString())
  })
}

/** Hands the body on as the stream it is, whatever its type. */
export function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

/** @throws ProblemError body_too_large, request_timeout, upload_incomplete */
function readWhole(payload: IncomingMessage, { clock, ms }: Timing): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  if (Number(payload.headers['content-length']) > MAX_BODY_BYTES) return Promise.reject(tooLarge())
  const pieces: Buffer[] = []
  let bytes = 0
  const end = (error: Error | null) => {
    cancel()
    payload.off('data', onData).off('end', onEnd).off('error', onError)
    if (error) reject(error)
    else resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, bytes))
  }
  const onData = (piece: Buffer) => {
    bytes += piece.length
    if (bytes > MAX_BODY_BYTES) end(tooLarge())
    else pieces.push(piece)
  }
  const onEnd = () => end(null)
  const onError = (cause: Error) => end(new ProblemError('upload_incomplete', undefined, { cause }))
  const cancel = clock.after(ms, () => end(tooSlow(`The body did not arrive within ${ms} ms.`)))
  payload.on('data', onData).on('end', onEnd).on('error', onError)
  return promise
}

/**
 * The pieces of an upload. One that is not read to its end is left open, as a loop over the stream would not, so that whoever
 * sends it can still be answered.
 * @throws ProblemError request_timeout
 */
export async function* piecesOf(upload: Readable, { clock, ms }: Timing): AsyncGenerator<Uint8Array> {
  const pieces = upload[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  for (;;) {
    const { promise: stalled, reject } = Promise.withResolvers<never>()
    const cancel = clock.after(ms, () => reject(tooSlow(`The upload stood still for ${ms} ms.`)))
    const next = pieces.next()
    // If it stalls nobody listens any more, and it may yet break off.
    next.catch(() => {})
    const piece = await Promise.race([next, stalled]).finally(cancel)
    if (piece.done) return
    yield piece.value
  }
}

const tooLarge = () => new ProblemError('body_too_large', `A body has at most ${MAX_BODY_BYTES} bytes.`)
const tooSlow = (detail: string) => new ProblemError('request_timeout', detail)

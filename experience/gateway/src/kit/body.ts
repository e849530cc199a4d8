// Reading a small body whole, with a bound on its bytes and its time.

import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

import { MAX_BODY_BYTES, ProblemError, parseJson } from '@biplane/protocol'

/** Of a body that came to no server of ours. */
const BODY_MS_MAX = 30_000
const patienceMs = new WeakMap<Readable, number>()

/** Whoever reads this body whole waits no longer for its end. */
export const boundBody = (body: Readable, ms: number): void => void patienceMs.set(body, ms)

export type Fields = Record<string, unknown>

/** @throws ProblemError body_too_large, malformed_json (not UTF-8), request_timeout or upload_incomplete */
export const readText = async (body: Readable): Promise<string> => decode(await readWhole(body))

/** A body that is refused is left open, so that its sender can still be answered. */
function readWhole(body: Readable): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const pieces: Buffer[] = []
  let bytes = 0
  const ms = patienceMs.get(body) ?? BODY_MS_MAX
  const timer = setTimeout(() => end(new ProblemError('request_timeout', `The body took more than ${ms} ms.`)), ms)
  const end = (error: Error | null) => {
    clearTimeout(timer)
    body.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken).pause()
    if (error === null) resolve(Buffer.concat(pieces, bytes))
    else reject(error)
  }
  const onData = (piece: Buffer) => {
    bytes += piece.length
    pieces.push(piece)
    if (bytes > MAX_BODY_BYTES) end(tooLarge())
  }
  const onEnd = () => end(null)
  const onBroken = (cause?: Error) => end(new ProblemError('upload_incomplete', undefined, { cause }))
  if (bytesSaidOf(body) > MAX_BODY_BYTES) end(tooLarge())
  else if (body.destroyed) onBroken()
  else body.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
  return promise
}

const tooLarge = () => new ProblemError('body_too_large', `The limit is ${MAX_BODY_BYTES} bytes.`)
const bytesSaidOf = (body: Readable): number =>
  'headers' in body ? Number((body as IncomingMessage).headers['content-length'] ?? 0) : 0

/** A JSON object; no body at all is an empty one. @throws ProblemError body_invalid and as `parseJson` does */
export async function readJsonObject(body: Readable | undefined): Promise<Fields> {
  const text = body === undefined ? '' : await readText(body)
  const value = text === '' ? {} : parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new ProblemError('body_invalid', 'The body must be a JSON object.')
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ProblemError('malformed_json', 'The body is not UTF-8.', { cause })
  }
}

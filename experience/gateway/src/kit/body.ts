// Reading a small body whole, with a bound on its bytes and its time.

import type { Readable } from 'node:stream'

import { MAX_BODY_BYTES, ProblemError, parseJson } from '@biplane/protocol'

const BODY_TIMEOUT_MS = 30_000

export type Fields = Record<string, unknown>

/** @throws ProblemError body_too_large, malformed_json (not UTF-8) or upload_incomplete */
export async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  const timer = setTimeout(() => body.destroy(new ProblemError('upload_incomplete')), BODY_TIMEOUT_MS)
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > MAX_BODY_BYTES) throw new ProblemError('body_too_large', `The limit is ${MAX_BODY_BYTES} bytes.`)
      chunks.push(chunk as Buffer)
    }
  } finally {
    clearTimeout(timer)
  }
  return decode(Buffer.concat(chunks))
}

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

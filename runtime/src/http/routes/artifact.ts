// Artifacts: bytes of a tenant, streamed in and out.

import { Readable } from 'node:stream'

import { ArtifactId, ProblemError, StoredArtifact } from '@biplane/protocol'
import * as z from 'zod'

import { piecesOf } from '../body.ts'
import { type Asked, type Route, route } from '../route.ts'
import { OfTenant } from './session.ts'

const OfArtifact = z.object({ artifact_id: ArtifactId })
type AskedArtifact = Asked<unknown, unknown, z.output<typeof OfArtifact>>

export const artifactRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/artifact',
    summary: 'Stores the bytes of the body; answered when they are durable',
    access: { scope: 'intent:submit', notFound: 'artifact_not_found', bound: 'all' },
    query: OfTenant,
    bytes: true,
    answer: { status: 201, schema: StoredArtifact },
    handle: put,
  }),
  route({
    method: 'GET',
    url: '/api/artifact/:artifact_id',
    summary: 'Streams an artifact, or a range of it',
    access: { scope: 'event:read', notFound: 'artifact_not_found', bound: 'nothing' },
    params: OfArtifact,
    query: OfTenant,
    answer: { status: 200, description: 'The bytes.' },
    handle: get,
  }),
]

async function put({ runtime, who, request }: Asked<unknown, unknown, unknown>): Promise<StoredArtifact> {
  const { clock, limits, artifactQuota } = runtime
  const upload = (request.body as Readable | undefined) ?? Readable.from([])
  const abort = new AbortController()
  request.raw.once('aborted', () => abort.abort(new ProblemError('upload_incomplete')))
  const media_type = request.headers['content-type']
  const about = media_type === undefined ? {} : { media_type }
  const artifacts = runtime.artifacts.of(who.tenant, abort.signal)
  const pieces = piecesOf(upload, { clock, ms: limits.server.uploadStallMsMax })
  const declared = Number(request.headers['content-length'] ?? 0)
  const store = (counted: AsyncIterable<Uint8Array>) => artifacts.put(counted, about)
  const ref = await artifactQuota.within(who.tenant, pieces, declared, store).catch((error: unknown) => {
    throw abort.signal.aborted ? new ProblemError('upload_incomplete', undefined, { cause: error }) : error
  })
  return artifacts.stat(ref)
}

/** Whatever the bytes are, no browser may run them as a page of ours. */
async function get({ runtime, who, params, request, reply }: AskedArtifact): Promise<Readable> {
  const found = await runtime.artifacts.stat(who.tenant, params.artifact_id)
  if (!found) throw new ProblemError('artifact_not_found', `There is no artifact ${params.artifact_id}.`)
  const range = rangeOf(request.headers.range, found.size)
  const length = range ? range.end - range.start + 1 : found.size
  reply.headers({
    'content-type': found.media_type,
    'content-length': String(length),
    'content-disposition': 'attachment',
    'accept-ranges': 'bytes',
    etag: `"${found.sha256}"`,
    'cache-control': 'private, immutable, max-age=31536000',
    'content-security-policy': "sandbox; default-src 'none'",
  })
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${found.size}`)
  return runtime.artifacts.read(who.tenant, params.artifact_id, range)
}

/** One range; null for the whole, also where the header is not one that we know. Both ends included. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, first = '', last = ''] = match
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start > end || start >= size) throw new ProblemError('range_invalid', `The artifact has ${size} bytes.`)
  return { start, end }
}

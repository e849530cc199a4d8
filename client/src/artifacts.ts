// Artifacts: bytes of a tenant, streamed in and out (docs/protocol.md §9).

import type { StoredArtifact } from '@biplane/protocol'

import type { CallOptions, Transport } from './transport.ts'

/** Bytes and Blobs (a browser's File is one) are sent again if an answer is lost; streams cannot be. */
export type ArtifactSource = Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export interface PutArtifact extends CallOptions {
  /** Default: the Blob's, else `application/octet-stream`. */
  mediaType?: string
}

export interface ArtifactBytes {
  stream: ReadableStream<Uint8Array>
  mediaType: string
  /** Bytes in `stream`; null if the server did not say. */
  size: number | null
}

export interface GetArtifact extends CallOptions {
  /** Bytes from `start` to `end`, both included; to the last one without `end`. */
  range?: { start: number; end?: number }
}

export const artifactCalls = ({ exchange, json }: Transport) => ({
  /** Durable when it resolves. Aborting leaves nothing behind. */
  putArtifact(source: ArtifactSource, { mediaType, signal }: PutArtifact = {}): Promise<StoredArtifact> {
    const type = mediaType ?? ((source instanceof Blob && source.type) || 'application/octet-stream')
    const bytes = isIterable(source) ? streamOf(source) : source
    return json({
      method: 'POST',
      path: '/artifact',
      headers: { 'content-type': type },
      bytes,
      timeoutMs: null,
      signal,
    })
  },

  getArtifact(artifactId: string, { range, signal }: GetArtifact = {}): Promise<ArtifactBytes> {
    const path = `/artifact/${encodeURIComponent(artifactId)}`
    const headers = { range: range && `bytes=${range.start}-${range.end ?? ''}` }
    return exchange({ method: 'GET', path, headers, timeoutMs: null, signal }, async ({ body, headers: about }) => ({
      stream: body ?? new ReadableStream({ start: (controller) => controller.close() }),
      mediaType: about.get('content-type') ?? 'application/octet-stream',
      size: about.has('content-length') ? Number(about.get('content-length')) : null,
    }))
  },
})

const isIterable = (source: ArtifactSource): source is AsyncIterable<Uint8Array> =>
  !(source instanceof Uint8Array || source instanceof Blob || source instanceof ReadableStream)

/** Takes the next chunk only when the last one was sent. */
function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

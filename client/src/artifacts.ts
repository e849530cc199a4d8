// Artifacts: bytes of a tenant, streamed in and out (docs/protocol.md §9).

import type { StoredArtifact } from '@biplane/protocol'

import { chunksOf } from './sse.ts'
import type { CallOptions, Transport, WireRequest } from './transport.ts'

/**
 * Bytes and Blobs (a browser's File is one) are sent again if an answer is lost; streams cannot be. A program sends a file of
 * any size as `await openAsBlob(path)`, which reads it as it goes.
 */
export type ArtifactSource = Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export interface PutArtifact extends CallOptions {
  /** Default: the Blob's, else `application/octet-stream`. */
  mediaType?: string
  /**
   * Told as bytes go out, and from 0 again if another attempt is made. A browser sends a body whole (a streamed one would need
   * HTTP/2), so there it is told of the end alone.
   */
  onProgress?: (sentBytes: number) => void
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
  async putArtifact(source: ArtifactSource, how: PutArtifact = {}): Promise<StoredArtifact> {
    const { mediaType, onProgress, signal } = how
    const stored = await json<StoredArtifact>({
      method: 'POST',
      path: '/artifact',
      headers: { 'content-type': mediaType ?? ((source instanceof Blob && source.type) || 'application/octet-stream') },
      bytes: bodyOf(source, onProgress),
      timeoutMs: null,
      signal,
    })
    onProgress?.(stored.size)
    return stored
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

type OnProgress = PutArtifact['onProgress']
/** Not a browser. */
const MAY_STREAM = 'process' in globalThis

/** What can be read again is opened at each attempt. */
function bodyOf(source: ArtifactSource, onProgress: OnProgress): NonNullable<WireRequest['bytes']> {
  const counted = (stream: ReadableStream<Uint8Array>) => (onProgress ? streamOf(counting(stream, onProgress)) : stream)
  if (source instanceof ReadableStream) return counted(source)
  if (!(source instanceof Uint8Array || source instanceof Blob)) return counted(streamOf(source))
  if (onProgress === undefined || !MAY_STREAM) return source
  const blob = source instanceof Blob ? source : new Blob([source])
  return () => counted(blob.stream())
}

async function* counting(stream: ReadableStream<Uint8Array>, onProgress: (sentBytes: number) => void) {
  let sentBytes = 0
  for await (const chunk of chunksOf(stream)) {
    yield chunk
    sentBytes += chunk.length
    onProgress(sentBytes)
  }
}

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

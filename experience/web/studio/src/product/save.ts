// Bytes of a product, as a file of whoever looks at it.

import { BiplaneError, type Client } from '@biplane/client'

import type { ArtifactRef } from '../data/content.ts'
import { bytesInWords } from '../data/words.ts'

/** A page holds a file whole before the browser has it; a larger one is for the command line, which writes as it reads. */
const FILE_BYTES_MAX = 1_000_000_000
const READ_MS = 60_000

/** `onBytes` is told how much has come, and of how much if that is known. */
export async function fetchFile(
  client: Client,
  { artifact_id }: ArtifactRef,
  onBytes: (got: number, size: number | null) => void,
): Promise<Blob> {
  const { stream, size, mediaType } = await client.getArtifact(artifact_id)
  if (size !== null && size > FILE_BYTES_MAX) {
    await stream.cancel()
    throw tooLarge(artifact_id, size)
  }
  let got = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      got += chunk.byteLength
      if (got > FILE_BYTES_MAX) throw tooLarge(artifact_id, got)
      onBytes(got, size)
      controller.enqueue(chunk)
    },
  })
  return new Response(stream.pipeThrough(count), { headers: { 'content-type': mediaType } }).blob()
}

const tooLarge = (artifactId: string, bytes: number): BiplaneError =>
  new BiplaneError({
    code: 'studio.file_too_large',
    status: 413,
    detail: `The file is ${bytesInWords(bytes)}; a page takes ${bytesInWords(FILE_BYTES_MAX)} at most.`,
    advice: `Get it on the command line: biplane artifact get ${artifactId}`,
  })

/** Hands it to the browser. */
export function save(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), READ_MS)
}

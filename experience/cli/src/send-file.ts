// Streams a file of this machine into an artifact, with progress.

import { open } from 'node:fs/promises'
import { basename } from 'node:path'

import type { ArtifactRef } from '@biplane/protocol'

import type { Task } from './command.ts'
import { dim } from './output.ts'
import { sizeOf } from './words.ts'

/** @throws the error of the file system if it cannot be read */
export async function sendFile({ client, out }: Task, path: string): Promise<ArtifactRef> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const name = basename(path)
    let sent = 0
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        yield chunk as Buffer
        sent += (chunk as Buffer).length
        out.progress(name, sent, size, dim(`sending ${sizeOf(sent)} of ${sizeOf(size)}`))
      }
    }
    const stored = await client.putArtifact(chunks())
    out.endProgress()
    return { artifact_id: stored.artifact_id, name, media_type: stored.media_type, size: stored.size }
  } finally {
    await file.close()
  }
}

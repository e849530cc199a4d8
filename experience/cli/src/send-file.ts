// Streams a file of this machine into an artifact, with progress.

import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'

import type { ArtifactRef } from '@biplane/protocol'

import type { Task } from './command.ts'
import { sizeOf } from './words.ts'

/** @throws the error of the file system if it cannot be read */
export async function sendFile({ client, out }: Task, path: string): Promise<ArtifactRef> {
  // A folder, or nothing at all, is told by name here; a Blob would tell it later and worse.
  if ((await stat(path)).isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR', path })
  const file = await openAsBlob(path)
  const name = basename(path)
  const onProgress = (sent: number) =>
    out.progress(name, sent, file.size, `sending ${sizeOf(sent)} of ${sizeOf(file.size)}`)
  const stored = await client.putArtifact(file, { onProgress })
  out.endProgress()
  return { artifact_id: stored.artifact_id, name, media_type: stored.media_type, size: stored.size }
}

// Streams bytes of this machine into an artifact, with progress.

import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'

import { ArtifactId, type ArtifactRef, type StoredArtifact } from '@biplane/protocol'

import type { Task } from '../command.ts'
import { plain } from '../terminal/text.ts'
import { sizeOf } from '../terminal/words.ts'

/**
 * `from`: a path, `-` for standard input, or the id of an artifact that is there already.
 * @throws the error of the file system if it cannot be read
 */
export async function sendFile(task: Task, from: string): Promise<ArtifactRef> {
  if (from === '-') return referenceTo(await sendInput(task))
  const artifact = ArtifactId.safeParse(from)
  if (artifact.success) return { artifact_id: artifact.data }
  // A folder, or nothing at all, is told by name here; a Blob would tell it later and worse.
  if ((await stat(from)).isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR', path: from })
  const file = await openAsBlob(from)
  const name = basename(from)
  const tell = (sent: number) =>
    task.out.progress(plain(name), sent, file.size, `sending ${sizeOf(sent)} of ${sizeOf(file.size)}`)
  const stored = await task.client.putArtifact(file, { onProgress: tell })
  task.out.endProgress()
  return { ...referenceTo(stored), name }
}

/** Can be sent once only: a lost answer is an error, and nothing is kept of it. */
async function sendInput({ client, out }: Task): Promise<StoredArtifact> {
  const tell = (sent: number) => out.progress('standard input', sent, null, `sent ${sizeOf(sent)}`)
  const bytes = process.stdin as AsyncIterable<Uint8Array>
  const stored = await client.putArtifact(bytes, { onProgress: tell })
  out.endProgress()
  return stored
}

const referenceTo = ({ artifact_id, media_type, size }: StoredArtifact): ArtifactRef => ({
  artifact_id,
  media_type,
  size,
})

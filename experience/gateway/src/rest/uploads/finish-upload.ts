// The end of an upload: its bytes go to the runtime, which answers with the artifact that they are from then on.

import type { Client } from '@biplane/client'
import { type ArtifactRef, ProblemError, hasCleanText } from '@biplane/protocol'

import type { PartialUpload } from './partial-upload.ts'
import type { UploadsFolder } from './uploads-folder.ts'

const NAME_CHARS_MAX = 255
const MEDIA_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/
const ANY_MEDIA_TYPE = 'application/octet-stream'

export type FinishUpload = (name: string, client: Client) => Promise<void>

/**
 * Whoever sends the last byte while it is under way waits for the same end: 5 GiB take longer than a connection may be silent,
 * and a second one must not begin them anew. For that reason it also goes on when its sender has left.
 */
export function finisher(folder: UploadsFolder): FinishUpload {
  const underWay = new Map<string, Promise<void>>()
  return (name, client) => {
    const known = underWay.get(name)
    if (known !== undefined) return known
    const finishing = finish(folder, name, client).finally(() => underWay.delete(name))
    underWay.set(name, finishing)
    return finishing
  }
}

async function finish(folder: UploadsFolder, name: string, client: Client): Promise<void> {
  const upload = await folder.find(name)
  if (upload.artifact !== null) return
  const { filename, mediaType } = aboutOf(upload)
  const { artifact_id, media_type, size } = await client.putArtifact(await folder.bytes(name), { mediaType })
  if (size !== upload.size) throw new ProblemError('upload_incomplete')
  await folder.settle(name, { artifact_id, media_type, size, ...filename })
}

/** Clients of tus call a file's name `filename` or `name`, and its media type `filetype` or `type`. */
function aboutOf({ metadata }: PartialUpload): { filename: Pick<ArtifactRef, 'name'>; mediaType: string } {
  const name = (metadata['filename'] ?? metadata['name'] ?? '').slice(0, NAME_CHARS_MAX)
  const type = metadata['filetype'] ?? metadata['type'] ?? ''
  return {
    filename: name !== '' && hasCleanText(name) ? { name } : {},
    mediaType: MEDIA_TYPE.test(type) ? type : ANY_MEDIA_TYPE,
  }
}

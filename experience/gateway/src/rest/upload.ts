// A file on its way into the runtime: streamed through at the runtime's pace, never held here.

import { Readable } from 'node:stream'

import type { Client } from '@biplane/client'
import { type ArtifactRef, type Capability, ProblemError, hasCleanText } from '@biplane/protocol'

import type { Fields } from '../kit/body.ts'
import { propertiesOf } from '../kit/capability.ts'

export interface Upload {
  /** What its sender calls it. */
  name: string | undefined
  mediaType: string
  bytes: Readable | Uint8Array<ArrayBuffer>
}

const MAX_INLINE_BYTES = 256 * 1024

/** Stores the bytes; `signal` aborts when their sender has gone, and nothing is kept. @throws ProblemError, BiplaneError */
export async function storeUpload(client: Client, upload: Upload, signal: AbortSignal): Promise<ArtifactRef> {
  const { name, mediaType, bytes } = upload
  if (!hasCleanText(name)) throw new ProblemError('text_invalid')
  // Reading stops when the runtime refuses, and then the sender must still be there to be told.
  const source = bytes instanceof Readable ? bytes.iterator({ destroyOnReturn: false }) : bytes
  const stored = await client.putArtifact(source, { mediaType, signal }).catch((error: unknown) => {
    throw bytes instanceof Readable && bytes.errored ? new ProblemError('upload_incomplete') : error
  })
  const { artifact_id, media_type, size } = stored
  return { artifact_id, media_type, size, ...(name ? { name } : {}) }
}

/**
 * Small content inside JSON: for the artifact field `file`, `filename` and base64 `file_data` (docs/protocol.md §7). Null if
 * there is none. @throws ProblemError body_invalid or file_data_too_large
 */
export function inlineUpload({ payload_schema }: Capability, field: string, fields: Fields): Upload | null {
  const dataField = `${field}_data`
  const nameField = `${field}name`
  const { [dataField]: data, [nameField]: name } = fields
  if (data === undefined || Object.hasOwn(propertiesOf(payload_schema), dataField)) return null
  if (typeof data !== 'string') throw invalid(dataField, 'must be base64 text')
  if (name !== undefined && typeof name !== 'string') throw invalid(nameField, 'must be text')
  if (fields[field] !== undefined) throw invalid(field, `must not be given with ${dataField}`)
  return { name, mediaType: 'application/octet-stream', bytes: decode(dataField, data) }
}

function decode(field: string, data: string): Uint8Array<ArrayBuffer> {
  if (data.length > Math.ceil(MAX_INLINE_BYTES / 3) * 4) throw new ProblemError('file_data_too_large')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 === 1) throw invalid(field, 'must be base64 text')
  const bytes = new Uint8Array(Buffer.from(data, 'base64'))
  if (bytes.length > MAX_INLINE_BYTES) throw new ProblemError('file_data_too_large')
  return bytes
}

const invalid = (path: string, message: string) =>
  new ProblemError('body_invalid', `${path} ${message}.`, { errors: [{ path, message }] })

// An upload on its way in, as two files: what it is, and the bytes that came so far. How many came is the length of the second
// file and nothing else, so whatever kills this process, the sender goes on at the byte that is missing.

import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ArtifactRef } from '@biplane/protocol'

/** What is kept of an upload, as JSON. */
export interface UploadRecord {
  /** Bytes that are to come in all. */
  size: number
  /** What its sender says of it, such as `filename` and `filetype`. */
  metadata: Record<string, string | null>
  created_ms: number
  /** Set once the runtime has all of it. */
  artifact: ArtifactRef | null
}

export interface PartialUpload extends UploadRecord {
  /**
   * Bytes that came. The last one counts when the artifact is stored: a sender who finds it missing sends it again, and that
   * stores the artifact. So an upload that is whole has an artifact, whoever died in between.
   */
  offset: number
}

const ID_BYTES = 16
export const mintUploadId = (): string => `upl_${randomBytes(ID_BYTES).toString('hex')}`
export const isUploadId = (text: string): boolean => /^upl_[0-9a-f]{32}$/.test(text)

/** What an upload's files are called. It holds the tenant, so another tenant's id of an upload names nothing. */
export const nameOf = (tenantId: string, uploadId: string): string =>
  `${Buffer.from(tenantId).toString('hex')}-${uploadId}`

export function partsOf(name: string): { tenantId: string; uploadId: string } {
  const [tenant = '', uploadId = ''] = name.split('-')
  return { tenantId: Buffer.from(tenant, 'hex').toString(), uploadId }
}

const RECORD_END = '.json'
const BYTES_END = '.bytes'
const WRITING_END = '.new'

/** The name of the upload that a file is of. */
export const uploadOf = (file: string): string => file.slice(0, file.indexOf('.'))

export const bytesPath = (folder: string, name: string): string => join(folder, name + BYTES_END)
const recordPath = (folder: string, name: string): string => join(folder, name + RECORD_END)

/** Null if there is none. */
export async function readUpload(folder: string, name: string): Promise<PartialUpload | null> {
  const text = await readFile(recordPath(folder, name), 'utf8').catch(nullIfAbsent)
  if (text === null) return null
  const record = JSON.parse(text) as UploadRecord
  if (record.artifact !== null) return { ...record, offset: record.size }
  const came = await stat(bytesPath(folder, name)).catch(nullIfAbsent)
  return { ...record, offset: Math.min(came?.size ?? 0, Math.max(0, record.size - 1)) }
}

export async function writeRecord(folder: string, name: string, record: UploadRecord): Promise<void> {
  const path = recordPath(folder, name)
  await writeFile(path + WRITING_END, JSON.stringify(record))
  await rename(path + WRITING_END, path)
}

export async function removeUpload(folder: string, name: string): Promise<void> {
  const record = recordPath(folder, name)
  for (const file of [record, record + WRITING_END, bytesPath(folder, name)]) await rm(file, { force: true })
}

/** Writes from `offset` on, and answers the new offset. What came before a source breaks off is kept. */
export async function appendBytes(path: string, source: AsyncIterable<Uint8Array>, offset: number): Promise<number> {
  const file = await open(path, 'r+')
  let end = offset
  try {
    for await (const chunk of source) {
      await writeAll(file, chunk, end)
      end += chunk.length
    }
    return end
  } finally {
    await file.datasync()
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written)
    written += bytesWritten
  }
}

export function nullIfAbsent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}

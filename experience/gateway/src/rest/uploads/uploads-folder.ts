// The gateway's folder of partial uploads, with a bound on everything in it. It is made when the first upload begins. One process
// has it: two gateways have a folder each.

import { openAsBlob } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'

import { type ArtifactRef, ProblemError } from '@biplane/protocol'

import {
  type PartialUpload,
  type UploadRecord,
  appendBytes,
  bytesPath,
  nullIfAbsent,
  partsOf,
  readUpload,
  removeUpload,
  uploadOf,
  writeRecord,
} from './partial-upload.ts'

export const UPLOAD_BYTES_MAX = 5 * 1024 ** 3
export const UPLOAD_LIFE_MS = 24 * 60 * 60_000
/** Of all uploads that are not finished, by the size that they were announced with. */
const UNFINISHED_BYTES_MAX = 50 * 1024 ** 3
const TENANT_UNFINISHED_BYTES_MAX = 10 * 1024 ** 3
/** Finished ones are remembered for a day too, so that a sender who missed the last answer can ask. */
const UPLOADS_MAX = 100_000
const OWNER_ONLY = 0o700

/** What an upload takes of the bounds. */
interface Share {
  unfinishedBytes: number
  created_ms: number
}

export class UploadsFolder {
  readonly #folder: string
  #shares: Promise<Map<string, Share>> | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws ProblemError quota_exceeded or storage_full */
  async create(name: string, size: number, metadata: UploadRecord['metadata']): Promise<PartialUpload> {
    await mkdir(this.#folder, { recursive: true, mode: OWNER_ONLY })
    const shares = await this.#all()
    refuseTooMuch(shares, name, size)
    const created_ms = Date.now()
    shares.set(name, { unfinishedBytes: size, created_ms })
    const record = { size, metadata, created_ms, artifact: null }
    await writeFile(bytesPath(this.#folder, name), '')
    await writeRecord(this.#folder, name, record)
    return { ...record, offset: 0 }
  }

  /** @throws ProblemError upload_not_found */
  async find(name: string): Promise<PartialUpload> {
    const upload = await readUpload(this.#folder, name)
    if (upload !== null && Date.now() < upload.created_ms + UPLOAD_LIFE_MS) return upload
    throw new ProblemError('upload_not_found')
  }

  append(name: string, source: AsyncIterable<Uint8Array>, offset: number): Promise<number> {
    return appendBytes(bytesPath(this.#folder, name), source, offset)
  }

  bytes(name: string): Promise<Blob> {
    return openAsBlob(bytesPath(this.#folder, name))
  }

  /** The runtime has it: the bytes go, and what they became is remembered. */
  async settle(name: string, artifact: ArtifactRef): Promise<void> {
    const { offset: _, ...record } = await this.find(name)
    await writeRecord(this.#folder, name, { ...record, artifact })
    await rm(bytesPath(this.#folder, name), { force: true })
    const share = (await this.#all()).get(name)
    if (share !== undefined) share.unfinishedBytes = 0
  }

  async remove(name: string): Promise<void> {
    await removeUpload(this.#folder, name)
    ;(await this.#all()).delete(name)
  }

  /** Removes what is older than a day. Answers how many uploads that were. */
  async sweep(): Promise<number> {
    const newest_ms = Date.now() - UPLOAD_LIFE_MS
    const old = [...(await this.#all())].filter(([, { created_ms }]) => created_ms <= newest_ms)
    for (const [name] of old) await this.remove(name)
    return old.length
  }

  /** Of every upload in the folder, by its name. Read once, before anything is written: nobody else writes here. */
  #all(): Promise<Map<string, Share>> {
    return (this.#shares ??= readShares(this.#folder).catch((error: unknown) => {
      this.#shares = null
      throw error
    }))
  }
}

function refuseTooMuch(shares: Map<string, Share>, name: string, size: number): void {
  const { tenantId } = partsOf(name)
  let all = size
  let ofTenant = size
  for (const [other, { unfinishedBytes }] of shares) {
    all += unfinishedBytes
    if (partsOf(other).tenantId === tenantId) ofTenant += unfinishedBytes
  }
  if (ofTenant > TENANT_UNFINISHED_BYTES_MAX) {
    const most = inGiB(TENANT_UNFINISHED_BYTES_MAX)
    throw new ProblemError('quota_exceeded', `The unfinished uploads of a tenant have at most ${most}.`)
  }
  if (all > UNFINISHED_BYTES_MAX || shares.size >= UPLOADS_MAX) {
    const most = `${inGiB(UNFINISHED_BYTES_MAX)} of unfinished uploads, and ${UPLOADS_MAX} uploads a day`
    throw new ProblemError('storage_full', `This gateway takes at most ${most}.`)
  }
}

const inGiB = (bytes: number): string => `${bytes / 1024 ** 3} GiB`

async function readShares(folder: string): Promise<Map<string, Share>> {
  const shares = new Map<string, Share>()
  for (const name of new Set((await readdir(folder).catch(nullIfAbsent))?.map(uploadOf))) {
    const upload = await readUpload(folder, name)
    // Killed between the first and the second file of an upload: nobody was told of it.
    if (upload === null) await removeUpload(folder, name)
    else
      shares.set(name, { created_ms: upload.created_ms, unfinishedBytes: upload.artifact === null ? upload.size : 0 })
  }
  return shares
}

// Artifacts in a folder: <root>/<tenant>/<first two digits>/<sha256>, with the media type beside it. A file appears whole, by a
// rename after its bytes are on the disk, or not at all. The same bytes are one file, which is why a sweep and an upload of the
// same bytes must not cross: the sweep judges and removes in one synchronous go, and leaves alone what is just landing.

import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, readdirSync, statSync, unlinkSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'

import type { ArtifactId, ArtifactRef, StoredArtifact, TenantId } from '@biplane/protocol'
import { ProblemError, artifactIdOf } from '@biplane/protocol'
import type { Artifacts } from '@biplane/realm'
import { TerminalError } from '@biplane/realm'

import type { ArtifactsByTenant } from '../engine/ports.ts'
import { StoredBytes } from './stored-bytes.ts'

const ARTIFACT_BYTES_MAX = 5 * 1024 ** 3
/** What no log names is kept this long, so that an upload has time to become an intent. */
const UNREFERENCED_KEEP_MS = 24 * 3_600_000
const DEFAULT_MEDIA_TYPE = 'application/octet-stream'

export class ArtifactFolder implements ArtifactsByTenant {
  readonly #root: string
  readonly #incoming: string
  readonly #landing = new Set<string>()
  readonly #stored = new StoredBytes((tenant) => this.#folderOf(tenant))

  private constructor(root: string) {
    this.#root = root
    this.#incoming = join(root, 'incoming')
  }

  /** Makes the folder, and removes what unfinished uploads of the process before left in it. */
  static async open(root: string): Promise<ArtifactFolder> {
    const folder = new ArtifactFolder(root)
    await rm(folder.#incoming, { recursive: true, force: true })
    await mkdir(folder.#incoming, { recursive: true })
    return folder
  }

  of(tenant: TenantId, signal?: AbortSignal): Artifacts {
    return {
      put: (source, about = {}) => this.#put(tenant, source, about, signal),
      open: async (ref) => this.read(tenant, (await this.#find(tenant, ref)).artifact_id),
      path: async (ref) => this.#pathOf(tenant, (await this.#find(tenant, ref)).artifact_id),
      stat: (ref) => this.#find(tenant, ref),
    }
  }

  /** How many bytes a tenant has stored: kept up to date. */
  storedBy(tenant: TenantId): Promise<{ bytes: number }> {
    return this.#stored.of(tenant)
  }

  /** True if it is there; then a sweep leaves it alone for another while. */
  async has(tenant: TenantId, artifact: ArtifactId): Promise<boolean> {
    const now = new Date()
    return utimes(this.#pathOf(tenant, artifact), now, now).then(
      () => true,
      () => false,
    )
  }

  async stat(tenant: TenantId, artifact: ArtifactId): Promise<StoredArtifact | null> {
    const path = this.#pathOf(tenant, artifact)
    const found = await stat(path).catch(() => null)
    if (!found) return null
    const media_type = await readFile(`${path}.type`, 'utf8').catch(() => DEFAULT_MEDIA_TYPE)
    return { artifact_id: artifact, sha256: artifact.slice('art_'.length), size: found.size, media_type }
  }

  /** `range` is in bytes, both ends included. */
  read(tenant: TenantId, artifact: ArtifactId, range: { start: number; end: number } | null = null): Readable {
    return createReadStream(this.#pathOf(tenant, artifact), range ?? {})
  }

  /**
   * Removes what `unreferenced` names of a tenant's artifacts that are older than the bound. Answers how many.
   */
  async sweep(
    unreferenced: (tenant: TenantId, artifacts: ArtifactId[]) => Promise<ArtifactId[]>,
    now_ms: number,
  ): Promise<number> {
    let removed = 0
    for (const folder of await readdir(this.#root)) {
      if (folder === 'incoming') continue
      const tenant = Buffer.from(folder, 'hex').toString()
      for (const prefix of await readdir(join(this.#root, folder))) {
        const names = readdirSync(join(this.#root, folder, prefix)).filter((name) => !name.endsWith('.type'))
        const old = names.map(artifactIdOf).filter((id) => this.#isOld(tenant, id, now_ms))
        const gone = old.length === 0 ? [] : await unreferenced(tenant, old)
        const stored = await this.#stored.ifCounted(tenant)
        for (const id of gone) {
          const bytes = this.#removeIfOld(tenant, id, now_ms)
          if (bytes === null) continue
          if (stored) stored.bytes -= bytes
          removed++
        }
      }
    }
    return removed
  }

  async #put(
    tenant: TenantId,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    about: { name?: string; media_type?: string },
    signal?: AbortSignal,
  ): Promise<ArtifactRef> {
    const incoming = join(this.#incoming, randomUUID())
    try {
      const { sha256, size } = await writeHashed(incoming, source, signal)
      const artifact_id = artifactIdOf(sha256)
      const media_type = about.media_type ?? DEFAULT_MEDIA_TYPE
      const stored = await this.#stored.of(tenant)
      const added = await this.#land(incoming, this.#pathOf(tenant, artifact_id), media_type)
      stored.bytes += added
      return { artifact_id, size, media_type, ...(about.name === undefined ? {} : { name: about.name }) }
    } catch (error) {
      await rm(incoming, { force: true })
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw new ProblemError('storage_full', undefined, { cause: error })
      }
      throw error
    }
  }

  /** Answers how many bytes there are more than before. */
  async #land(incoming: string, path: string, media_type: string): Promise<number> {
    const isThere = this.#landing.has(path) || statSync(path, { throwIfNoEntry: false }) !== undefined
    this.#landing.add(path)
    try {
      const prefix = dirname(path)
      const isNew = (await mkdir(prefix, { recursive: true })) !== undefined
      await writeOnce(`${path}.type`, media_type)
      const { size } = statSync(incoming)
      await rename(incoming, path)
      const changed = isNew ? [prefix, dirname(prefix), this.#root] : [prefix]
      for (const folder of changed) await syncFolder(folder)
      return isThere ? 0 : size
    } finally {
      this.#landing.delete(path)
    }
  }

  async #find(tenant: TenantId, { artifact_id }: ArtifactRef): Promise<StoredArtifact> {
    const found = await this.stat(tenant, artifact_id)
    if (found) return found
    throw new TerminalError('artifact.not_found', `There is no artifact ${artifact_id}.`)
  }

  #isOld(tenant: TenantId, artifact: ArtifactId, now_ms: number): boolean {
    const path = this.#pathOf(tenant, artifact)
    const found = statSync(path, { throwIfNoEntry: false })
    return found !== undefined && !this.#landing.has(path) && found.mtimeMs < now_ms - UNREFERENCED_KEEP_MS
  }

  /** Answers how many bytes it had; null if it is left alone. */
  #removeIfOld(tenant: TenantId, artifact: ArtifactId, now_ms: number): number | null {
    if (!this.#isOld(tenant, artifact, now_ms)) return null
    const path = this.#pathOf(tenant, artifact)
    const { size } = statSync(path)
    unlinkSync(path)
    unlinkSync(`${path}.type`)
    return size
  }

  /** Tenants are spelled in hexadecimal, since some file systems do not tell upper from lower case. */
  #folderOf(tenant: TenantId): string {
    return join(this.#root, Buffer.from(tenant).toString('hex'))
  }

  #pathOf(tenant: TenantId, artifact: ArtifactId): string {
    const sha256 = artifact.slice('art_'.length)
    return join(this.#folderOf(tenant), sha256.slice(0, 2), sha256)
  }
}

/** Writes to a new file, to the disk, and answers what was written. */
async function writeHashed(
  path: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  const file: FileHandle = await open(path, 'wx')
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      signal?.throwIfAborted()
      size += chunk.byteLength
      if (size > ARTIFACT_BYTES_MAX) throw new ProblemError('body_too_large', 'An artifact has at most 5 GiB.')
      hash.update(chunk)
      await file.appendFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), size }
}

/** The first to store some bytes says what they are. */
async function writeOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

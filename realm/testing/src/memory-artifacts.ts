// Artifacts in memory. Like the folder of a runtime, they outlive the process that stored them.

import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { type ArtifactId, type ArtifactRef, type TenantId, artifactIdOf } from '@biplane/protocol'
import { type Artifacts, TerminalError } from '@biplane/realm'
import type { ArtifactsByTenant } from '@biplane/runtime/ports'

const DEFAULT_MEDIA_TYPE = 'application/octet-stream'
const ARTIFACT_BYTES_MAX = 256 * 1024 ** 2

interface Kept {
  bytes: Uint8Array
  media_type: string
}

type Source = Parameters<Artifacts['put']>[0]

export class MemoryArtifacts implements ArtifactsByTenant {
  readonly #kept = new Map<string, Kept>()
  /** Made for those who ask for a path. */
  #folder: Promise<string> | null = null

  of(tenant: TenantId, signal?: AbortSignal): Artifacts {
    return {
      put: (source, about = {}) => this.#put(tenant, source, about, signal),
      open: async ({ artifact_id }) => Readable.from([this.#find(tenant, artifact_id).bytes]),
      path: (ref) => this.#path(tenant, ref),
      stat: async ({ artifact_id }) => {
        const { bytes, media_type } = this.#find(tenant, artifact_id)
        return { artifact_id, sha256: artifact_id.slice('art_'.length), size: bytes.byteLength, media_type }
      },
    }
  }

  async has(tenant: TenantId, artifact: ArtifactId): Promise<boolean> {
    return this.#kept.has(placeOf(tenant, artifact))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true })
  }

  async #put(
    tenant: TenantId,
    source: Source,
    about: { name?: string; media_type?: string },
    signal?: AbortSignal,
  ): Promise<ArtifactRef> {
    const bytes = await bytesOf(source, signal)
    const artifact_id = artifactIdOf(createHash('sha256').update(bytes).digest('hex'))
    const media_type = about.media_type ?? DEFAULT_MEDIA_TYPE
    const place = placeOf(tenant, artifact_id)
    // The first to store some bytes says what they are.
    if (!this.#kept.has(place)) this.#kept.set(place, { bytes, media_type })
    return {
      artifact_id,
      size: bytes.byteLength,
      media_type,
      ...(about.name === undefined ? {} : { name: about.name }),
    }
  }

  async #path(tenant: TenantId, { artifact_id }: ArtifactRef): Promise<string> {
    const { bytes } = this.#find(tenant, artifact_id)
    this.#folder ??= mkdtemp(join(tmpdir(), 'biplane-artifacts-'))
    const path = join(await this.#folder, artifact_id)
    await writeFile(path, bytes)
    return path
  }

  #find(tenant: TenantId, artifact: ArtifactId): Kept {
    const kept = this.#kept.get(placeOf(tenant, artifact))
    if (!kept) throw new TerminalError('artifact.not_found', `There is no artifact ${artifact}.`)
    return kept
  }
}

const placeOf = (tenant: TenantId, artifact: ArtifactId): string => `${tenant}/${artifact}`

async function bytesOf(source: Source, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    signal?.throwIfAborted()
    size += chunk.byteLength
    if (size > ARTIFACT_BYTES_MAX) throw new Error(`An artifact of a test has at most ${ARTIFACT_BYTES_MAX} bytes.`)
    // A copy: whoever gave it may write over it.
    chunks.push(Uint8Array.from(chunk))
  }
  return Buffer.concat(chunks)
}

// How many bytes of artifacts a tenant may store by uploading. What its executions store counts, and is not refused: they have begun.

import { ProblemError, type TenantId } from '@biplane/protocol'

import { TenantCounts } from './tenant-counts.ts'

/** What a tenant has stored; it is kept up to date. */
export interface Stored {
  bytes: number
}

export class ArtifactQuota {
  readonly #storedOf: (tenant: TenantId) => Promise<Stored>
  readonly #max: number
  /** Bytes of uploads that are under way. */
  readonly #incoming = new TenantCounts()

  constructor(storedOf: (tenant: TenantId) => Promise<Stored>, max: number) {
    this.#storedOf = storedOf
    this.#max = max
  }

  /**
   * Lets `put` store what comes from `source`, counted as it comes. `declared`: how many bytes are said to come, if that is said.
   * @throws ProblemError quota_exceeded, before the first byte where that can be told
   */
  async within<T>(
    tenant: TenantId,
    source: AsyncIterable<Uint8Array>,
    declared: number,
    put: (source: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const stored = await this.#storedOf(tenant)
    let taken = 0
    const take = (bytes: number) => {
      this.#requireRoom(stored.bytes + this.#incoming.of(tenant) + bytes)
      taken += bytes
      this.#incoming.add(tenant, bytes)
    }
    this.#requireRoom(stored.bytes + this.#incoming.of(tenant) + declared)
    try {
      return await put(counted(source, take))
    } finally {
      this.#incoming.add(tenant, -taken)
    }
  }

  #requireRoom(bytes: number): void {
    if (bytes > this.#max) {
      throw new ProblemError('quota_exceeded', `The tenant may store ${this.#max} bytes of artifacts.`)
    }
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, take: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    take(chunk.byteLength)
    yield chunk
  }
}

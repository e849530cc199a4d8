// How many bytes each tenant has stored in a folder of artifacts. A tenant's are counted before its next one lands, and kept up to
// date from then on.

import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { TenantId } from '@biplane/protocol'

interface Stored {
  bytes: number
}

export class StoredBytes {
  readonly #folderOf: (tenant: TenantId) => string
  readonly #known = new Map<TenantId, Promise<Stored>>()

  constructor(folderOf: (tenant: TenantId) => string) {
    this.#folderOf = folderOf
  }

  of(tenant: TenantId): Promise<Stored> {
    const known = this.#known.get(tenant)
    if (known) return known
    const counting = countIn(this.#folderOf(tenant))
    this.#known.set(tenant, counting)
    counting.catch(() => this.#known.delete(tenant))
    return counting
  }

  /** Null if they were not counted yet. */
  async ifCounted(tenant: TenantId): Promise<Stored | null> {
    return (await this.#known.get(tenant)) ?? null
  }
}

async function countIn(folder: string): Promise<Stored> {
  let bytes = 0
  for (const prefix of await namesIn(folder)) {
    // One prefix at a go: short enough not to hold anybody up, and much faster than asking for each file.
    for (const name of await namesIn(join(folder, prefix))) {
      if (!name.endsWith('.type')) bytes += statSync(join(folder, prefix, name), { throwIfNoEntry: false })?.size ?? 0
    }
  }
  return { bytes }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

// The folder of partial uploads as @tus/server sees a store. What it calls the id of an upload is the folder's name of it.

import type { Readable } from 'node:stream'

import { DataStore, Upload } from '@tus/server'

import { UPLOAD_LIFE_MS, type UploadsFolder } from './uploads-folder.ts'

export class TusStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'expiration', 'termination']
  readonly #folder: UploadsFolder

  constructor(folder: UploadsFolder) {
    super()
    this.#folder = folder
  }

  override async create(upload: Upload): Promise<Upload> {
    const { created_ms } = await this.#folder.create(upload.id, upload.size ?? 0, upload.metadata ?? {})
    upload.creation_date = new Date(created_ms).toISOString()
    return upload
  }

  override async getUpload(name: string): Promise<Upload> {
    const { size, offset, metadata, created_ms } = await this.#folder.find(name)
    const about = Object.keys(metadata).length === 0 ? {} : { metadata }
    return new Upload({ id: name, size, offset, ...about, creation_date: new Date(created_ms).toISOString() })
  }

  override write(bytes: Readable, name: string, offset: number): Promise<number> {
    return this.#folder.append(name, bytes, offset)
  }

  override async remove(name: string): Promise<void> {
    await this.#folder.find(name)
    await this.#folder.remove(name)
  }

  override deleteExpired(): Promise<number> {
    return this.#folder.sweep()
  }

  override getExpiration(): number {
    return UPLOAD_LIFE_MS
  }
}

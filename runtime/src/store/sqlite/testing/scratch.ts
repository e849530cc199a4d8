// SQLite stores in folders of their own, which go with them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { OpenedStore } from '../../testing/subject.ts'
import { type SqliteOptions, openSqliteStore } from '../open-sqlite-store.ts'

export class Scratch implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'biplane-store-'));

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true })
  }
}

export async function openInScratch(options: Omit<SqliteOptions, 'folder'>): Promise<OpenedStore> {
  const scratch = new Scratch()
  const store = await openSqliteStore({ folder: scratch.folder, ...options })
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store.close()
      scratch[Symbol.dispose]()
    },
  }
}

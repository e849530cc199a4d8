// Brings a file to the newest schema. Migrations are forward only and never change once released: version n is what the first
// n files of migrations/ make. The version is the file's `user_version`, which is written in the transaction of its migration.

import { readFileSync, readdirSync } from 'node:fs'

import { StoreTooNew } from '../error.ts'
import type { Database } from './database.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** @throws StoreTooNew if a newer program wrote the file; it is left as it is */
export function migrate(db: Database): void {
  const files = migrations()
  refuseNewer(db)
  const version = versionOf(db)
  for (const [i, name] of files.entries()) {
    if (i < version) continue
    const script = readFileSync(new URL(name, FOLDER), 'utf8')
    db.execute(`BEGIN IMMEDIATE;\n${script}\nPRAGMA user_version = ${i + 1};\nCOMMIT;`)
  }
}

/** @throws StoreTooNew if a newer program wrote the file */
export function refuseNewer(db: Database): void {
  const version = versionOf(db)
  const known = migrations().length
  if (version <= known) return
  throw new StoreTooNew(
    `The data has schema version ${version}, and this program knows up to ${known}. ` +
      'Run the version of Biplane that wrote it, or a later one.',
  )
}

const migrations = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()

const versionOf = (db: Database): number => db.get('PRAGMA user_version')?.['user_version'] as number

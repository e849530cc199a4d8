// One process owns a data folder. A transaction that is never ended holds `lock.db`, and the system ends it with the process,
// however that dies. Three things would lose the lock unseen: opening and closing the file by any other means than SQLite
// (POSIX drops a process's locks on a file at its first close), losing the handle to the garbage collector, and ending the
// transaction. So the handle is kept here, and nobody else touches the file.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { StoreLocked } from '../error.ts'
import { isBusy } from './sqlite-error.ts'

const held = new Set<DatabaseSync>()

/** Takes the folder, at once or not at all; the answer gives it back. @throws StoreLocked */
export function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (!isBusy(cause)) throw cause
    throw new StoreLocked(
      `Another process uses the data in ${folder}. Stop it first, or name another folder in BIPLANE_DATA.`,
      { cause },
    )
  }
  held.add(lock)
  return () => {
    held.delete(lock)
    lock.close()
  }
}

// Temporary folders for tests, removed when the test ends.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Scratch extends Disposable {
  path: string
  write(file: string, text: string): void
  /** Copies files, named relative to `root`, to the same places. */
  copy(root: string, files: readonly string[]): void
}

export function makeScratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'biplane-check-'))
  const place = (file: string) => {
    mkdirSync(join(path, dirname(file)), { recursive: true })
    return join(path, file)
  }
  return {
    path,
    write: (file, text) => writeFileSync(place(file), text),
    copy: (root, files) => files.forEach((file) => cpSync(join(root, file), place(file))),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

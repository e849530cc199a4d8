// The import table. It is written once, for people, in ARCHITECTURE.md; every check of imports reads it from there.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { codeSpansOf, tableUnder } from '../markdown.ts'

export interface ImportRule {
  /** A folder, or `parent/*` for each folder in a parent that has no row of its own. */
  folder: string
  /** Folders whose packages it may import. */
  imports: string[]
  /** What its tests may import as well. */
  tests: string[]
}

export function readImportTable(root: string): ImportRule[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  return tableUnder(text, 'Who may import whom', 'folder').rows.map(([folder = '', imports = '', tests = '']) => ({
    folder: codeSpansOf(folder).join(),
    imports: codeSpansOf(imports),
    tests: codeSpansOf(tests),
  }))
}

/** The row of a folder: its own, or else the one of its parent's folders. */
export function ruleOf(table: readonly ImportRule[], folder: string): ImportRule | undefined {
  const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
  return table.find((rule) => rule.folder === folder) ?? table.find((rule) => rule.folder === `${parent}/*`)
}

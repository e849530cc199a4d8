// The import table as rules of oxlint, so that an editor shows a forbidden import as it is typed.

import type { Package } from '../repository.ts'
import { ruleOf } from './import-table.ts'
import type { ImportRule } from './import-table.ts'

interface Restriction {
  regex: string
  message: string
}

export interface Override {
  files: string[]
  rules: { 'no-restricted-imports': ['error', { patterns: Restriction[] }] }
}

/** For each package one override, and a second one for its tests where they may import more. */
export function lintOverrides(table: readonly ImportRule[], packages: readonly Package[]): Override[] {
  return packages.flatMap(({ folder }) => {
    const rule = ruleOf(table, folder)
    if (rule === undefined) return []
    const forModules = override(`${folder}/**`, forbidden(folder, rule.imports, packages))
    if (rule.tests.length === 0) return [forModules]
    return [
      forModules,
      override(`${folder}/**/*.test.ts`, forbidden(folder, [...rule.imports, ...rule.tests], packages)),
    ]
  })
}

const forbidden = (folder: string, allowed: readonly string[], packages: readonly Package[]): Package[] =>
  packages.filter((one) => one.folder !== folder && !allowed.includes(one.folder))

function override(files: string, packages: readonly Package[]): Override {
  const names = packages.map(({ manifest }) => manifest.name.replace('@biplane/', '')).sort()
  const folders = [...new Set(packages.map(({ folder }) => folder.split('/')[0] ?? folder))].sort()
  const patterns = [
    { regex: `^@biplane/(${names.join('|')})(/|$)`, message: 'See the import table in ARCHITECTURE.md.' },
    { regex: `^(\\.\\./){2,}(${folders.join('|')})/`, message: 'Import another package by its name.' },
  ]
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

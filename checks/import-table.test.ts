// The import table of ARCHITECTURE.md, held against every module of the repository.

import assert from 'node:assert/strict'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { readImportTable } from './imports/import-table.ts'
import { judgeImports } from './imports/judge-imports.ts'
import { ROOT, listFiles, readManifest, readPackages } from './repository.ts'

/** A scan that reads less than this has lost its way, and its silence proves nothing. */
const MODULES_MIN = 300
const IMPORTS_MIN = 1300

test('every import of every module is allowed by the import table and declared by its package', () => {
  const { modules, imports, violations } = judgeImports(ROOT)
  assert.deepEqual(violations, [])
  assert.ok(modules >= MODULES_MIN, `only ${modules} modules were read`)
  assert.ok(imports >= IMPORTS_MIN, `only ${imports} imports were read`)
})

test('every row of the import table names folders that exist', () => {
  const folders = readPackages(ROOT).map(({ folder }) => folder)
  const parents = folders.map((folder) => folder.replace(/[^/]+$/, '*'))
  const known = new Set([
    ...folders,
    ...parents,
    'checks',
    'runtime.config.ts',
    'experience.config.ts',
    'console.config.ts',
  ])
  const named = readImportTable(ROOT).flatMap(({ folder, imports, tests }) => [folder, ...imports, ...tests])
  assert.deepEqual(
    named.filter((folder) => !known.has(folder)),
    [],
  )
})

test('the protocol ships zod and nothing else', () => {
  assert.deepEqual(Object.keys(readManifest(ROOT, 'protocol').dependencies ?? {}), ['zod'])
})

test('no alias of the compiler leads past the import table', () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: Record<string, unknown>
  }
  assert.deepEqual(
    ['paths', 'baseUrl', 'rootDirs'].filter((option) => option in compilerOptions),
    [],
  )
})

test('no symbolic link leads past the import table', () => {
  const links = listFiles(ROOT).filter((file) => lstatSync(join(ROOT, file)).isSymbolicLink())
  assert.deepEqual(links, [])
})

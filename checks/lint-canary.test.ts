// The canary of the linter: what the rules must refuse is written into a copy of the house, and oxlint must point at each line.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT, isTest, listFiles } from './repository.ts'
import { makeScratch } from './scratch.ts'

interface Report {
  diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[]
}

/** Lints one file in a copy of the house; answers `rule at line` for each complaint. */
function lint(file: string, lines: readonly string[]): string[] {
  using scratch = makeScratch()
  const needed = /^(tsconfig\.json|oxlint\.config\.ts|ARCHITECTURE\.md|checks\/.*|.*package\.json)$/
  scratch.copy(
    ROOT,
    listFiles(ROOT).filter((path) => needed.test(path) && !isTest(path)),
  )
  symlinkSync(join(ROOT, 'node_modules'), join(scratch.path, 'node_modules'))
  scratch.write(file, `${lines.join('\n')}\n`)
  const oxlint = join(ROOT, 'node_modules', '.bin', 'oxlint')
  const { stdout, stderr } = spawnSync(oxlint, ['-f', 'json', file], { cwd: scratch.path, encoding: 'utf8' })
  assert.match(stdout, /"diagnostics"/, stderr || stdout)
  const { diagnostics } = JSON.parse(stdout) as Report
  return diagnostics.map(({ code, labels }) => `${/\((.*)\)/.exec(code)?.[1]} at ${labels[0]?.span.line}`)
}

/** Each line must get a complaint of this rule. */
function assertEachLine(rule: string, file: string, lines: readonly string[]): void {
  const complaints = lint(file, lines)
  const missed = lines.filter((_, index) => !complaints.includes(`${rule} at ${index + 1}`))
  assert.deepEqual(missed, [], `oxlint said only:\n${complaints.join('\n')}`)
}

test('an import that the table forbids is a lint error, whether of a value, a type or later', () => {
  assertEachLine('no-restricted-imports', 'experience/gateway/src/canary.ts', [
    `import { createRuntime } from '@biplane/runtime'`,
    `import type { Store } from '@biplane/runtime'`,
    `import * as content from '@biplane/realm-content'`,
    `export * from '@biplane/runtime/store'`,
    `export const later = await import('@biplane/runtime')`,
    `import { port } from '../../../runtime/src/store/port.ts'`,
  ])
})

for (const folder of ['runtime/src/engine', 'realm/src/run']) {
  test(`what is not deterministic is a lint error in ${folder}`, () => {
    const ofGlobals = [
      'Date.now()',
      'new Date()',
      'performance.now()',
      'setTimeout(f, 1)',
      'setInterval(f, 1)',
      `fetch('/')`,
    ]
    assertEachLine(
      'no-restricted-globals',
      `${folder}/canary.ts`,
      [...ofGlobals, 'crypto.randomUUID()'].map(toStatement),
    )
    assertEachLine(
      'no-restricted-properties',
      `${folder}/canary.ts`,
      ['Math.random()', 'process.hrtime()'].map(toStatement),
    )
  })
}
const toStatement = (expression: string, index: number): string => `export const value${index} = ${expression}`

test('a promise that nobody awaits is a lint error', () => {
  assertEachLine('no-floating-promises', 'runtime/src/canary.ts', [`Promise.resolve()`])
})

test('any, ts-ignore and a print in the middle of a plane are lint errors', () => {
  assertEachLine('no-explicit-any', 'runtime/src/canary.ts', [`export let anything: any`])
  assertEachLine('ban-ts-comment', 'runtime/src/canary.ts', [`// @ts-ignore`])
  assertEachLine('no-console', 'runtime/src/canary.ts', [`console.log('here')`])
})

// A test that is skipped proves nothing and looks as if it did; a rule switched off without a reason is a rule nobody holds.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Visitor, parseSync } from 'oxc-parser'

import { ROOT, isModule, isTest, listFiles } from './repository.ts'

const EXCUSES = new Set(['skip', 'only', 'todo'])
const RUNNERS = new Set(['test', 'it', 'describe', 'suite', 't'])

/** `test.skip(…)`, `t.todo(…)`, `test('…', { only: true }, …)`: where they stand. */
function excusesIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const found: string[] = []
  const add = (what: string, start: number) => found.push(`${file}:${text.slice(0, start).split('\n').length}: ${what}`)
  new Visitor({
    CallExpression({ callee, arguments: given, start }) {
      const { runner, member } = calleeOf(callee)
      if (!RUNNERS.has(runner)) return
      if (EXCUSES.has(member)) add(`${runner}.${member}`, start)
      for (const options of given.filter((one) => one.type === 'ObjectExpression')) {
        for (const property of options.properties) {
          const key = property.type === 'Property' && property.key.type === 'Identifier' ? property.key.name : ''
          if (EXCUSES.has(key)) add(`{ ${key} }`, start)
        }
      }
    },
  }).visit(parseSync(file, text).program)
  return found
}

function calleeOf(callee: { type: string }): { runner: string; member: string } {
  const { name, object, property } = callee as {
    name?: string
    object?: { name?: string }
    property?: { name?: string }
  }
  return { runner: name ?? object?.name ?? '', member: property?.name ?? '' }
}

test('no test is skipped, left for later, or run at the expense of the others', () => {
  assert.deepEqual(listFiles(ROOT).filter(isTest).flatMap(excusesIn), [])
})

test('a lint rule is switched off in one place only, and with a reason', () => {
  const unreasoned = listFiles(ROOT)
    .filter(isModule)
    .flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const directive = /\b(oxlint|eslint)-disable(-next-line|-line)?\b(.*)/.exec(line)
          const isFine = directive === null || (directive[2] !== undefined && / -- \S/.test(directive[3] ?? ''))
          return isFine || file.startsWith('checks/') ? [] : [`${file}:${index + 1}: ${line.trim()}`]
        }),
    )
  assert.deepEqual(unreasoned, [])
})

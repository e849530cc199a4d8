// What a browser loads must not need Node: the protocol, and the client by its main entry.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { test } from 'node:test'

import { readImports } from './imports/read-imports.ts'
import { ROOT, listFiles, readManifest } from './repository.ts'

/** Built-in modules of Node that `entry` reaches within its package, each with the module that imports it. */
function builtinsBehind(entry: string): string[] {
  const seen = new Set<string>()
  const waiting = [entry]
  const found: string[] = []
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const { reach, target } of readImports(file, readFileSync(join(ROOT, file), 'utf8'))) {
      if (reach !== 'import') continue
      if (isBuiltin(target)) found.push(`${file}: ${target}`)
      if (target.startsWith('.')) waiting.push(posix.join(posix.dirname(file), target))
    }
  }
  return found
}

test('the web apps run in a browser: they import neither from Node nor anything of the gateway', () => {
  const modules = listFiles(ROOT).filter((file) =>
    /^experience\/web\/(ui|studio|console)\/.*(?<!\.test)\.tsx?$/.test(file),
  )
  assert.ok(modules.length > 20, `only ${modules.length} modules were read`)
  const wrong = modules.flatMap((file) =>
    readImports(file, readFileSync(join(ROOT, file), 'utf8'))
      .filter(
        ({ target }) => isBuiltin(target) || /^@biplane\/(?!client$|protocol$)|\/(src\/web|build|testing)/.test(target),
      )
      .map(({ target }) => `${file}: ${target}`),
  )
  assert.deepEqual(wrong, [])
})

for (const folder of ['protocol', 'client']) {
  test(`@biplane/${folder} runs in a browser: nothing behind its main entry imports from Node`, () => {
    const main = readManifest(ROOT, folder).exports?.['.']
    assert.ok(typeof main === 'string', `${folder} has no main entry`)
    assert.deepEqual(builtinsBehind(posix.join(folder, main)), [])
  })
}

// The canary: each trick by which a module can import what it must not is tried once, and must be reported. A check of imports
// that finds nothing is worth as much as its canary.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judgeImports } from './imports/judge-imports.ts'
import { ROOT, listFiles } from './repository.ts'
import { makeScratch } from './scratch.ts'

interface Canary {
  trick: string
  file: string
  text: string
  reported: RegExp
}

const gateway = 'experience/gateway/src/canary.ts'
const notAllowed = /may not import runtime \(@biplane\/runtime/

const CANARIES: Canary[] = [
  {
    trick: 'a static import',
    file: gateway,
    text: `import { createRuntime } from '@biplane/runtime'`,
    reported: notAllowed,
  },
  {
    trick: 'a type-only import',
    file: gateway,
    text: `import type { Store } from '@biplane/runtime'`,
    reported: notAllowed,
  },
  {
    trick: 'a type in an import',
    file: gateway,
    text: `export type Store = import('@biplane/runtime').Store`,
    reported: notAllowed,
  },
  { trick: 'a re-export', file: gateway, text: `export * from '@biplane/runtime'`, reported: notAllowed },
  { trick: 'a named re-export', file: gateway, text: `export { x } from '@biplane/runtime'`, reported: notAllowed },
  { trick: 'a bare import', file: gateway, text: `import '@biplane/runtime'`, reported: notAllowed },
  { trick: 'a dynamic import', file: gateway, text: `await import('@biplane/runtime')`, reported: notAllowed },
  {
    trick: 'a dynamic import of a template',
    file: gateway,
    text: 'await import(`@biplane/runtime`)',
    reported: notAllowed,
  },
  {
    trick: 'a computed import',
    file: gateway,
    text: `const name = 'runtime'; await import('@biplane/' + name)`,
    reported: /computed name/,
  },
  {
    trick: 'a relative path into another package',
    file: gateway,
    text: `import { x } from '../../../runtime/src/runtime.ts'`,
    reported: /crosses into another package/,
  },
  {
    trick: 'a relative path to a neighbour that may be imported by name',
    file: gateway,
    text: `import { x } from '../../../protocol/src/id.ts'`,
    reported: /crosses into another package/,
  },
  {
    trick: 'an absolute path',
    file: gateway,
    text: `import '/srv/runtime/main.ts'`,
    reported: /not the name of a package/,
  },
  {
    trick: 'an address',
    file: gateway,
    text: `import 'data:text/javascript,0'`,
    reported: /not the name of a package/,
  },
  { trick: 'an import map', file: gateway, text: `import '#runtime'`, reported: /not the name of a package/ },
  { trick: 'require', file: gateway, text: `require('@biplane/runtime')`, reported: /require reaches modules/ },
  {
    trick: 'import = require',
    file: gateway,
    text: `import r = require('@biplane/runtime')`,
    reported: /reaches modules/,
  },
  {
    trick: 'createRequire',
    file: gateway,
    text: `import { createRequire } from 'node:module'`,
    reported: /node:module reaches modules/,
  },
  {
    trick: 'a built-in module asked of the process',
    file: gateway,
    text: `process.getBuiltinModule('node:module')`,
    reported: /getBuiltinModule reaches modules/,
  },
  {
    trick: 'import.meta.resolve',
    file: gateway,
    text: `const find = import.meta.resolve`,
    reported: /import\.meta\.resolve reaches modules/,
  },
  {
    trick: 'a worker',
    file: gateway,
    text: `new Worker(new URL('../../../runtime/src/main.ts', import.meta.url))`,
    reported: /Worker runs a module/,
  },
  {
    trick: 'a worker of Node',
    file: gateway,
    text: `import * as threads from 'node:worker_threads'`,
    reported: /node:worker_threads runs a module/,
  },
  {
    trick: 'fork',
    file: gateway,
    text: `import { fork as start } from 'node:child_process'`,
    reported: /node:child_process runs a module/,
  },
  {
    trick: 'fork behind a namespace',
    file: gateway,
    text: `import * as child from 'node:child_process'`,
    reported: /node:child_process runs a module/,
  },
  {
    trick: 'the address of a file of another package',
    file: gateway,
    text: `new URL('../../../runtime/src/main.ts', import.meta.url)`,
    reported: /file of another package/,
  },
  {
    trick: 'a path handed to a child process',
    file: gateway,
    text: `spawn('node', ['runtime/src/main.ts'])`,
    reported: /names a module of another package/,
  },
  {
    trick: 'an undeclared dependency',
    file: gateway,
    text: `import { jwtVerify } from 'jose'`,
    reported: /jose is not among the dependencies/,
  },
  {
    trick: 'a dependency that only tests declare',
    file: 'experience/gateway/package.json',
    text: JSON.stringify({ name: '@biplane/gateway', dependencies: {}, devDependencies: { zod: '*' } }),
    reported: /zod is not among the dependencies/,
  },
  {
    trick: 'a package that is a folder in disguise',
    file: 'experience/gateway/package.json',
    text: JSON.stringify({ name: '@biplane/gateway', dependencies: { zod: 'file:../../runtime' } }),
    reported: /name a version from the registry/,
  },
  {
    trick: 'a path inside a package that it does not export',
    file: gateway,
    text: `import { x } from '@biplane/protocol/src/id.ts'`,
    reported: /not in the exports of @biplane\/protocol/,
  },
  {
    trick: 'a test',
    file: 'experience/gateway/src/canary.test.ts',
    text: `import '@biplane/runtime'`,
    reported: notAllowed,
  },
  {
    trick: 'shipped code that needs what only tests have',
    file: 'runtime/src/canary.ts',
    text: `import './testing/started-runtime.ts'`,
    reported: /there for tests alone/,
  },
  {
    trick: 'the runtime knowing a realm',
    file: 'runtime/src/canary.ts',
    text: `import '@biplane/realm-content'`,
    reported: /runtime may not import realms\/content/,
  },
  {
    trick: 'the runtime knowing delivery',
    file: 'runtime/src/canary.ts',
    text: `import '@biplane/gateway'`,
    reported: /runtime may not import experience\/gateway/,
  },
  {
    trick: 'a package reaching into the one that lies in its folder',
    file: 'realm/src/canary.ts',
    text: `import '../testing/src/fakes.ts'`,
    reported: /fakes.ts crosses into another package/,
  },
  {
    trick: 'what a realm ships knowing the kit of its tests',
    file: 'realms/content/src/canary.ts',
    text: `import '@biplane/realm-testing'`,
    reported: /realms\/content may not import realm\/testing/,
  },
  {
    trick: 'one realm knowing another',
    file: 'realms/data-mash/src/canary.ts',
    text: `import '@biplane/realm-content'`,
    reported: /realms\/data-mash may not import realms\/content/,
  },
  {
    trick: 'the protocol using Node',
    file: 'protocol/src/canary.ts',
    text: `import 'node:fs'`,
    reported: /node:fs is Node's/,
  },
  {
    trick: 'a folder without a row',
    file: 'gadgets/src/canary.ts',
    text: `export {}`,
    reported: /gadgets has no row/,
  },
]

/** The house with its table and manifests, and in it one module that does nothing wrong. */
function makeHouse() {
  const scratch = makeScratch()
  scratch.copy(
    ROOT,
    listFiles(ROOT).filter((file) => file === 'ARCHITECTURE.md' || file.endsWith('package.json')),
  )
  scratch.write(
    'experience/gateway/src/gateway.ts',
    `import { Event } from '@biplane/protocol'\nimport 'node:http'\nimport 'zod'`,
  )
  scratch.write('experience/gateway/package.json', JSON.stringify(GATEWAY))
  return scratch
}
const GATEWAY = {
  name: '@biplane/gateway',
  dependencies: { '@biplane/protocol': '*', '@biplane/client': '*', zod: '*' },
}

test('a house without a forbidden import is left alone', () => {
  using house = makeHouse()
  assert.deepEqual(judgeImports(house.path), { modules: 1, imports: 3, violations: [] })
})

for (const { trick, file, text, reported } of CANARIES) {
  test(`a forbidden import is reported: ${trick}`, () => {
    using house = makeHouse()
    house.write(file, text)
    const { violations } = judgeImports(house.path)
    assert.ok(
      violations.some((line) => line.startsWith(file.replace('package.json', '')) && reported.test(line)),
      violations.join('\n'),
    )
  })
}

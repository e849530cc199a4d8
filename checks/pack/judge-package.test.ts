// The canary of the packer: a package is broken in each way that would be noticed only once it is installed, and each is found.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeScratch } from '../scratch.ts'
import { judgePackage, readBuilt } from './judge-package.ts'
import type { PublishedManifest } from './manifest.ts'

const SOUND: PublishedManifest = {
  name: '@biplane/sound',
  version: '1.2.3',
  license: 'Apache-2.0',
  type: 'module',
  exports: { '.': { types: './dist/sound.d.ts', default: './dist/sound.js' }, './package.json': './package.json' },
  bin: { sound: './dist/main.js' },
  files: ['dist'],
  engines: { node: '>=24' },
  dependencies: { '@biplane/other': '1.2.3', zod: '^4.0.0' },
}

const FILES = {
  'README.md': '# sound\n',
  LICENSE: 'as it is\n',
  'dist/sound.js': `
    import { join } from 'node:path'
    import { z } from 'zod'
    import { other } from '@biplane/other'
    import { near } from './near.js'
    const folder = new URL('./migrations/', import.meta.url)`,
  'dist/sound.d.ts': "export * from './near.ts'\n",
  'dist/near.js': 'export const near = 1\n',
  'dist/near.d.ts': 'export declare const near = 1\n',
  'dist/migrations/001.sql': 'SELECT 1;\n',
  'dist/main.js': '#!/usr/bin/env node\n',
}

interface Plant {
  manifest?: Partial<PublishedManifest>
  /** Null takes a file away. */
  files?: Record<string, string | null>
}

/** What is said of the sound package with this change. */
function judge({ manifest = {}, files = {} }: Plant): string[] {
  using scratch = makeScratch()
  const other = { ...SOUND, name: '@biplane/other', bin: {}, dependencies: {} }
  for (const [folder, about] of Object.entries({ sound: { ...SOUND, ...manifest }, other })) {
    const all = folder === 'sound' ? { ...FILES, ...files } : FILES
    for (const [file, text] of Object.entries(all)) if (text !== null) scratch.write(`${folder}/${file}`, text)
    scratch.write(`${folder}/package.json`, JSON.stringify(about))
  }
  const [sound, others] = ['sound', 'other'].map((folder) => readBuilt(`${scratch.path}/${folder}`))
  assert.ok(sound && others)
  return judgePackage(sound, [sound, others])
}

test('nothing is said of a sound package', () => {
  assert.deepEqual(judge({}), [])
})

const { '@biplane/other': _other, ...withoutOther } = SOUND.dependencies
const { zod: _zod, ...withoutZod } = SOUND.dependencies

const PLANTS: Record<string, [Plant, RegExp]> = {
  'a dependency of its code that is not declared': [
    { manifest: { dependencies: withoutZod } },
    /dist\/sound\.js:3: zod is imported and not among the dependencies/,
  ],
  'a dependency on another of our packages that is not declared': [
    { manifest: { dependencies: withoutOther } },
    /sound\.js:4: @biplane\/other is imported/,
  ],
  'a dependency that only its declarations have': [
    { files: { 'dist/near.d.ts': "export declare const near: import('fastify').FastifyInstance\n" } },
    /dist\/near\.d\.ts:1: fastify is imported/,
  ],
  'a module of another package that is not exported': [
    { files: { 'dist/near.js': "import '@biplane/other/deep'\n" } },
    /@biplane\/other\/deep is not in the exports/,
  ],
  'a module that was left out': [{ files: { 'dist/near.js': null } }, /\.\/near\.js is not in the package/],
  'a declaration that was left out': [{ files: { 'dist/near.d.ts': null } }, /\.\/near\.ts is not in the package/],
  'a folder of data that was left out': [
    { files: { 'dist/migrations/001.sql': null } },
    /\.\/migrations\/ is not in the package/,
  ],
  'a thread that is still TypeScript': [
    { files: { 'dist/near.js': "new Worker(new URL('./thread.ts', import.meta.url))\n" } },
    /\.\/thread\.ts is not in the package/,
  ],
  'an export of nothing': [{ files: { 'dist/sound.d.ts': null } }, /\.\/dist\/sound\.d\.ts is named in package\.json/],
  'a command that no shell can start': [{ files: { 'dist/main.js': '' } }, /main\.js is a command without a #! line/],
  'a source': [{ files: { 'dist/thread.ts': '' } }, /dist\/thread\.ts is a source/],
  'code of tests': [{ files: { 'dist/testing/world.js': '' } }, /dist\/testing\/world\.js is for tests/],
  'the npm package node': [
    { manifest: { dependencies: { ...SOUND.dependencies, node: '^24.0.0' } } },
    /it depends on the npm package node/,
  ],
  'no word on the Node that it needs': [{ manifest: { engines: {} } }, /engines\.node must be ">=24"/],
  'one of ours in any version': [
    { manifest: { dependencies: { ...SOUND.dependencies, '@biplane/other': '*' } } },
    /@biplane\/other must be pinned/,
  ],
  'one of ours that is not published': [
    { manifest: { dependencies: { ...SOUND.dependencies, '@biplane/bench': '1.2.3' } } },
    /@biplane\/bench, which is not published/,
  ],
  'no license': [{ files: { LICENSE: null } }, /it has no LICENSE/],
}

for (const [what, [plant, said]] of Object.entries(PLANTS)) {
  test(`it is noticed that a package has ${what}`, () => {
    const problems = judge(plant)
    assert.equal(problems.length, 1, problems.join('\n'))
    assert.match(problems[0] ?? '', said)
  })
}

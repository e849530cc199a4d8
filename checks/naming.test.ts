// Names of files and folders: a reader finds a thing by its name, so each name is about one thing.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ROOT, isModule, isTest, listFiles, readPackages } from './repository.ts'

const files = listFiles(ROOT)
/** Names that say where a thing was put and not what it is. Name it after what it does, and put it beside who uses it. */
const SAYS_NOTHING = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'shared',
  'common',
  'lib',
  'misc',
  'types',
  'index',
])
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
/** Papers that every repository spells like this. */
const PAPERS = /^((README|ARCHITECTURE|CONTRIBUTING|SECURITY|CHANGELOG|LICENSE)(\.md)?|Dockerfile)$/

test('no file or folder is named for nothing in particular', () => {
  const vague = files.filter((file) => file.split('/').some((part) => SAYS_NOTHING.has(part.split('.')[0] ?? '')))
  assert.deepEqual(vague, [])
})

test('files and folders are named in kebab-case', () => {
  const odd = files.filter((file) => !file.split('/').every((part) => KEBAB.test(part) || PAPERS.test(part)))
  assert.deepEqual(odd, [])
})

test('decisions are numbered without a gap', () => {
  const numbers = files
    .filter((file) => file.startsWith('decisions/'))
    .map((file) => Number(/\/(\d{4})-/.exec(file)?.[1]))
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
})

/** A benchmark is run by hand, and shows by its figures that it works. Examples are installed and run by a test in checks/. */
const isTestedElsewhere = (folder: string): boolean => folder === 'bench' || folder.startsWith('examples/')

test('every package that has code has tests beside it', () => {
  const has = (folder: string, kind: (path: string) => boolean) =>
    files.some((file) => file.startsWith(`${folder}/`) && kind(file))
  const untested = readPackages(ROOT).filter(
    ({ folder }) => !isTestedElsewhere(folder) && has(folder, isModule) && !has(folder, isTest),
  )
  assert.deepEqual(
    untested.map(({ folder }) => folder),
    [],
  )
})

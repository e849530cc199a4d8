// What is wrong with a package as it would be published. In the repository installs are hoisted and sources are run as they are,
// so there a missing dependency or file goes unnoticed; the first to notice would be who installs the package.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, relative } from 'node:path'

import { readImports } from '../imports/read-imports.ts'
import { isOfTests } from '../repository.ts'
import type { PublishedManifest } from './manifest.ts'

const ENGINES = '>=24'
const PAPERS = ['package.json', 'README.md', 'LICENSE']

export interface BuiltPackage {
  /** An absolute path. */
  folder: string
  manifest: PublishedManifest
  files: string[]
}

export function readBuilt(folder: string): BuiltPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PublishedManifest
  const shipped = (file: string) => PAPERS.includes(file) || manifest.files.includes(file.replace(/\/.*/, ''))
  return { folder, manifest, files: filesBelow(folder).filter(shipped) }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))

/** One line for each problem. `all` are published together and depend on each other. */
export const judgePackage = (built: BuiltPackage, all: readonly BuiltPackage[]): string[] =>
  [...judgeManifest(built, all), ...judgeFiles(built), ...judgeImports(built, all)].map(
    (problem) => `${built.manifest.name}: ${problem}`,
  )

function judgeManifest({ manifest, files }: BuiltPackage, all: readonly BuiltPackage[]): string[] {
  const { engines, exports, bin = {}, dependencies } = manifest
  const problems: string[] = []
  if (engines['node'] !== ENGINES) problems.push(`engines.node must be "${ENGINES}".`)
  if ('node' in dependencies) problems.push('it depends on the npm package node, which would replace its user’s Node.')
  for (const [name, range] of Object.entries(dependencies)) {
    const ours = all.find((one) => one.manifest.name === name)
    if (ours === undefined && name.startsWith('@biplane/'))
      problems.push(`it depends on ${name}, which is not published.`)
    if (ours !== undefined && range !== ours.manifest.version) problems.push(`${name} must be pinned to its version.`)
  }
  const targets = Object.values(exports).flatMap((one) => (typeof one === 'string' ? one : Object.values(one)))
  for (const target of [...targets, ...Object.values(bin)]) {
    if (!files.includes(posix.normalize(target)))
      problems.push(`${target} is named in package.json and not in the package.`)
  }
  return problems
}

function judgeFiles({ folder, files, manifest }: BuiltPackage): string[] {
  const missing = PAPERS.filter((paper) => !files.includes(paper)).map((paper) => `it has no ${paper}.`)
  const unbuilt = files.filter((file) => /(?<!\.d)\.ts$/.test(file)).map((file) => `${file} is a source.`)
  const ofTests = files.filter((file) => isOfTests(file)).map((file) => `${file} is for tests.`)
  const commands = Object.values(manifest.bin ?? {}).filter(
    (file) => existsSync(join(folder, file)) && !readFileSync(join(folder, file), 'utf8').startsWith('#!'),
  )
  return [...missing, ...unbuilt, ...ofTests, ...commands.map((file) => `${file} is a command without a #! line.`)]
}

function judgeImports(built: BuiltPackage, all: readonly BuiltPackage[]): string[] {
  const problems: string[] = []
  for (const file of built.files.filter((one) => /\.(js|d\.ts)$/.test(one))) {
    for (const { reach, target, line } of readImports(file, readFileSync(join(built.folder, file), 'utf8'))) {
      if (reach !== 'import' && reach !== 'file') continue
      const isPath = target.startsWith('.') || reach === 'file'
      const problem = isPath ? judgePath(built, file, target) : judgeName(built, target, all)
      if (problem !== null) problems.push(`${file}:${line}: ${problem}`)
    }
  }
  return problems
}

/** Declarations keep the names of the sources, and the compiler finds the declaration beside. */
function judgePath({ files }: BuiltPackage, file: string, target: string): string | null {
  const path = posix.join(posix.dirname(file), target)
  const found = file.endsWith('.d.ts') ? path.replace(/(?<!\.d)\.ts$/, '.d.ts') : path
  const isThere = files.some((one) => one === found || (found.endsWith('/') && one.startsWith(found)))
  return isThere ? null : `${target} is not in the package.`
}

function judgeName({ manifest }: BuiltPackage, target: string, all: readonly BuiltPackage[]): string | null {
  if (isBuiltin(target)) return null
  const name = target.split('/', target.startsWith('@') ? 2 : 1).join('/')
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  if (name !== manifest.name && !(name in declared)) return `${name} is imported and not among the dependencies.`
  const ours = all.find((one) => one.manifest.name === name)
  const subpath = `.${target.slice(name.length)}`
  return ours === undefined || subpath in ours.manifest.exports ? null : `${target} is not in the exports of ${name}.`
}

// Holds every import of the repository against the import table, the declared dependencies and the exports maps.

import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'

import { isModule, isOfTests, listFiles, readManifest, readPackages } from '../repository.ts'
import type { Package } from '../repository.ts'
import { readImportTable, ruleOf } from './import-table.ts'
import type { ImportRule } from './import-table.ts'
import { readImports } from './read-imports.ts'
import type { Import } from './read-imports.ts'

export interface Judgement {
  modules: number
  imports: number
  /** One line each: where, what, and what to do. */
  violations: string[]
}

/** What must run where the other plane is not: there, whatever reaches a module otherwise than by an import is refused. */
const CLOSED = /^(protocol|client|experience\/[^/]+)$/
/** Their work is to start the planes as processes, or to read their files. */
const STARTERS = new Set(['start', 'bench', 'checks'])
/** Ship nothing, so what they need is declared for development. */
const TOOLS = new Set(['bench', 'checks'])
/** Load a configuration by its path, and in the runtime the realms it names. The configurations have rows in the table. */
const LOADERS = new Set(['runtime/src/config.ts', 'experience/gateway/src/config.ts'])

interface Module {
  path: string
  ofTests: boolean
  home: Package
  rule: ImportRule
}

export function judgeImports(root: string): Judgement {
  const packages = readPackages(root)
  const table = readImportTable(root)
  const judgement: Judgement = { modules: 0, imports: 0, violations: packages.flatMap(judgeManifest) }
  for (const path of listFiles(root).filter(isModule)) {
    judgement.modules++
    const home = homeOf(packages, path) ?? rootPackage(root, path, table)
    const rule = ruleOf(table, home.folder)
    if (rule === undefined) {
      judgement.violations.push(
        `${path}: ${home.folder} has no row in the import table of ARCHITECTURE.md; give it one.`,
      )
      continue
    }
    const module = { path, ofTests: isOfTests(inside(home, path)), home, rule }
    for (const one of readImports(path, readFileSync(join(root, path), 'utf8'))) {
      if (one.reach === 'import') judgement.imports++
      const objection = judge(module, one, packages)
      if (objection !== null) judgement.violations.push(`${path}:${one.line}: ${objection}`)
    }
  }
  return judgement
}

/** Files outside every package share the root's manifest. One at the root has a row of its own, or configures a tool of checks/. */
function rootPackage(root: string, path: string, table: readonly ImportRule[]): Package {
  const folder = path.includes('/') ? path.replace(/\/.*/, '') : ruleOf(table, path) ? path : 'checks'
  return { folder, manifest: readManifest(root, '.') }
}

function judge(module: Module, { reach, target }: Import, packages: Package[]): string | null {
  const closed = CLOSED.test(module.home.folder)
  switch (reach) {
    case 'import':
      return judgeSpecifier(module, target, packages)
    case 'computed':
      if (LOADERS.has(module.path)) return null
      return `${target} of a computed name hides what is imported; import it by a literal.`
    case 'resolve':
      return closed ? `${target} reaches modules past the import table; import them.` : null
    case 'thread':
      return closed && !module.ofTests
        ? `${target} runs a module past the import table; ${module.home.folder} needs none.`
        : null
    case 'file':
      if (module.ofTests || STARTERS.has(module.home.folder)) return null
      return staysHome(module, target, packages)
        ? null
        : `${target} is a file of another package; reach it through its exports.`
    case 'path':
      if (!closed || module.ofTests) return null
      return packages.some(({ folder }) => folder !== module.home.folder && `/${target}`.includes(`/${folder}/src/`))
        ? `${target} names a module of another package; reach it through its exports.`
        : null
    default:
      return reach satisfies never
  }
}

function judgeSpecifier(module: Module, target: string, packages: Package[]): string | null {
  if (target.startsWith('.')) return judgeRelative(module, target, packages)
  if (/^([/#]|[a-z]{2,}:)/.test(target) && !isBuiltin(target)) return `${target} is not the name of a package.`
  if (isBuiltin(target)) return judgeBuiltin(module, target)
  const name = packageNameOf(target)
  const found = packages.find(({ manifest }) => manifest.name === name)
  return (found && judgeOurs(module, found, target)) ?? judgeDeclared(module, name)
}

function judgeRelative(module: Module, target: string, packages: readonly Package[]): string | null {
  if (!staysHome(module, target, packages))
    return `${target} crosses into another package; import it by its package name.`
  return isOfTests(inside(module.home, placeOf(module, target))) && !module.ofTests
    ? `${target} is there for tests alone.`
    : null
}

const placeOf = ({ path }: Pick<Module, 'path'>, target: string): string => posix.join(posix.dirname(path), target)
const staysHome = ({ path, home }: Module, target: string, packages: readonly Package[]): boolean => {
  const place = placeOf({ path }, target)
  return place.startsWith(`${home.folder}/`) && (homeOf(packages, place) ?? home).folder === home.folder
}
/** The innermost one: a package may lie in the folder of another. */
const homeOf = (packages: readonly Package[], path: string): Package | undefined =>
  packages.filter(({ folder }) => path.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0]
/** A package may be named for tests, and be none of them. */
const inside = ({ folder }: Package, path: string): string => path.slice(folder.length)

const judgeBuiltin = ({ home, ofTests }: Module, target: string): string | null =>
  home.folder === 'protocol' && !ofTests
    ? `${target} is Node's; protocol/ also runs in browsers and takes zod alone.`
    : null

function judgeOurs({ home, rule, ofTests }: Module, { folder, manifest }: Package, target: string): string | null {
  if (folder === home.folder) return null
  if (![...rule.imports, ...(ofTests ? rule.tests : [])].includes(folder)) {
    return `${home.folder} may not import ${folder} (${target}); see the import table in ARCHITECTURE.md.`
  }
  const subpath = `.${target.slice(manifest.name.length)}`
  return manifest.exports && subpath in manifest.exports ? null : `${target} is not in the exports of ${manifest.name}.`
}

/** Installs are hoisted, so an undeclared import works until the package is used alone. */
function judgeDeclared({ home: { manifest }, ofTests, rule }: Module, name: string): string | null {
  if (name === manifest.name) return null
  const shipped = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }
  const declared = ofTests || TOOLS.has(rule.folder) ? { ...shipped, ...manifest.devDependencies } : shipped
  return name in declared
    ? null
    : `${name} is not among the ${ofTests ? 'devD' : 'd'}ependencies of ${manifest.name}; declare it.`
}

/** A manifest can lead past the table too: by an import map of its own, or by a dependency that is a folder. */
function judgeManifest({ folder, manifest }: Package): string[] {
  const declared = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
  const aliases = Object.entries(declared)
    .filter(([, range]) => range.includes(':') || range.includes('/'))
    .map(([name, range]) => `${folder}/package.json: ${name} is "${range}"; name a version from the registry.`)
  return manifest.imports === undefined
    ? aliases
    : [...aliases, `${folder}/package.json: "imports" hides what is imported.`]
}

const packageNameOf = (target: string): string => target.split('/', target.startsWith('@') ? 2 : 1).join('/')

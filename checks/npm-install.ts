// `npm install` in a folder outside the repository, without unpacking again what the repository has unpacked: packages that the
// folder's lock file names, and that are here in the very same bytes, are linked into it first, with the note that npm leaves of what
// it installed. Then npm installs as ever. It alone decides what belongs there: it adds what is missing and removes what is too much.

import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { ROOT } from './repository.ts'

interface LockedPackage {
  /** Of the tarball; a link has none. */
  integrity?: string
  hasInstallScript?: true
  dev?: true
  devOptional?: true
}

interface LockFile {
  /** By folder, such as `node_modules/zod`. */
  packages: Record<string, LockedPackage>
}

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund']
const BIN = 'node_modules/.bin'
/** Where npm notes what it has installed. */
const INSTALLED = 'node_modules/.package-lock.json'

/** Installs what the package.json of a folder asks for. @throws Error with all that npm printed */
export async function npmInstall(folder: string, more: readonly string[] = []): Promise<void> {
  await npm(folder, [...INSTALL, ...more, '--package-lock-only'])
  linkLocked(folder, () => true)
  await npm(folder, [...INSTALL, ...more])
}

/** Links what the lock file of a folder names; without what is only for development, if an install there is to leave it out. */
export const linkForProduction = (folder: string): void =>
  linkLocked(folder, ({ dev, devOptional }) => dev !== true && devOptional !== true)

function linkLocked(folder: string, isWanted: (locked: LockedPackage) => boolean): void {
  const here = readLock(join(ROOT, INSTALLED))
  const linked = Object.entries(readLock(join(folder, 'package-lock.json')).packages).filter(
    ([path, locked]) => isWanted(locked) && isSame(locked, here.packages[path]) && existsSync(join(ROOT, path)),
  )
  // The lock file names the packages inside a package by themselves.
  for (const [path] of linked) linkFolder(join(ROOT, path), join(folder, path), 'node_modules')
  linkPrograms(folder)
  writeFileSync(join(folder, INSTALLED), JSON.stringify({ ...here, packages: Object.fromEntries(linked) }))
}

/** What a package does when it is installed is for npm to do. */
const isSame = (locked: LockedPackage, here: LockedPackage | undefined): boolean =>
  locked.integrity !== undefined && locked.integrity === here?.integrity && locked.hasInstallScript !== true

const readLock = (path: string): LockFile => JSON.parse(readFileSync(path, 'utf8')) as LockFile

function linkFolder(from: string, to: string, leftOut?: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true }).filter(({ name }) => name !== leftOut)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isFile()) linkFile(source, target)
    else linkFolder(source, target)
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch (error) {
    // Another disk, or a system without links.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error
    copyFileSync(source, target)
  }
}

function linkPrograms(folder: string): void {
  mkdirSync(join(folder, BIN), { recursive: true })
  for (const entry of readdirSync(join(ROOT, BIN), { withFileTypes: true }).filter((one) => one.isSymbolicLink())) {
    const program = readlinkSync(join(ROOT, BIN, entry.name))
    if (existsSync(join(folder, BIN, program))) symlinkSync(program, join(folder, BIN, entry.name))
  }
}

/** On this very Node. */
async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  await promisify(execFile)('npm', args, { cwd, env: { ...process.env, PATH } }).catch((cause: unknown) => {
    const { stdout, stderr } = cause as { stdout: string; stderr: string }
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause })
  })
}

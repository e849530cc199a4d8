// The repository as the checks see it: its own files and its packages, read from disk, so that a check runs on a copy too.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Folders that .gitignore names, and git's own: nothing in them is ours. */
const FOREIGN_FOLDERS = new Set(['.git', 'node_modules', '.biplane', 'dist', 'packed'])

/** Every file of the repository below `root`, as sorted paths with forward slashes. */
export function listFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return FOREIGN_FOLDERS.has(entry.name) ? [] : listFiles(root, path)
      return entry.name.endsWith('.log') ? [] : [path]
    })
    .sort()
}

export const isModule = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path)
export const isTest = (path: string): boolean => path.endsWith('.test.ts')
/** A test that starts the planes as processes, or a browser. */
export const isProcessTest = (path: string): boolean => path.endsWith('.e2e.test.ts')
/** Code that only tests import: what they start, make or compare with. */
export const isOfTests = (path: string): boolean => isTest(path) || /\/(testing\/|test-[^/]*$)/.test(path)

export interface Manifest {
  name: string
  exports?: Record<string, unknown>
  imports?: unknown
  engines?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

export interface Package {
  /** Where it is, such as `experience/gateway`. */
  folder: string
  manifest: Manifest
}

export const readManifest = (root: string, folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest

/** The packages of the house: every folder with a package.json, but for the root. */
export function readPackages(root: string): Package[] {
  return listFiles(root)
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => ({ folder: dirname(path), manifest: readManifest(root, dirname(path)) }))
}

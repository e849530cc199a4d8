// What is published. The other packages of the house are for this repository alone.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { isOfTests, listFiles, readManifest, readPackages } from '../repository.ts'
import type { Manifest } from '../repository.ts'

const PUBLISHED = [
  'protocol',
  'client',
  'realm',
  'realm/testing',
  'runtime',
  'experience/gateway',
  'experience/cli',
] as const

export interface SourceManifest extends Manifest {
  version: string
  license: string
  description?: string
  bin?: Record<string, string>
}

export interface Published {
  /** Where it is in the repository. */
  folder: string
  manifest: SourceManifest
  /** What it ships of its folders, as paths from its own folder. Modules are shipped as what they compile to. */
  files: string[]
}

export function readPublished(root: string): Published[] {
  const inner = readPackages(root).map(({ folder }) => `${folder}/`)
  return PUBLISHED.filter((folder) => existsSync(join(root, folder, 'package.json'))).map((folder) => ({
    folder,
    manifest: readManifest(root, folder) as SourceManifest,
    files: listFiles(join(root, folder)).filter(
      (file) =>
        isShipped(file) && !inner.some((other) => other !== `${folder}/` && `${folder}/${file}`.startsWith(other)),
    ),
  }))
}

/** Files beside package.json are for the repository; the README and the license are added to every package. */
const isShipped = (file: string): boolean => file.includes('/') && !isOfTests(file) && !/\.(test|bench)\.ts$/.test(file)

/** As npm names it. */
export const tarballName = ({ name, version }: SourceManifest): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

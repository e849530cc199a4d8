// What is published. The other packages of the house are for this repository alone.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { isOfTests, listFiles, readManifest } from '../repository.ts'
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
  /** What it ships of its src/, as paths from its own folder. */
  files: string[]
}

export function readPublished(root: string): Published[] {
  return PUBLISHED.filter((folder) => existsSync(join(root, folder, 'package.json'))).map((folder) => ({
    folder,
    manifest: readManifest(root, folder) as SourceManifest,
    files: listFiles(join(root, folder)).filter(isShipped),
  }))
}

const isShipped = (file: string): boolean => file.startsWith('src/') && !isOfTests(file) && !file.endsWith('.bench.ts')

/** As npm names it. */
export const tarballName = ({ name, version }: SourceManifest): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

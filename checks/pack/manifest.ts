// The package.json that is published, made from the one in the repository: what it says of src/*.ts it says of dist/*.js.

import { isOfTests } from '../repository.ts'
import type { SourceManifest } from './published.ts'

export interface PublishedManifest {
  name: string
  version: string
  description?: string
  license: string
  type: 'module'
  exports: Record<string, string | { types: string; default: string }>
  bin?: Record<string, string>
  files: string[]
  engines: Record<string, string>
  dependencies: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** @param versions of the packages that are published together, by name: they are pinned to each other */
export function publishedManifest(manifest: SourceManifest, versions: ReadonlyMap<string, string>): PublishedManifest {
  const { name, version, description, license, engines = {}, bin, peerDependencies } = manifest
  const pinned = (ranges: Record<string, string> = {}) =>
    mapValues(ranges, (range, dependency) => versions.get(dependency) ?? range)
  return {
    name,
    version,
    ...(description === undefined ? {} : { description }),
    license,
    type: 'module',
    exports: publishedExports(name, manifest.exports),
    ...(bin === undefined ? {} : { bin: mapValues(bin, (file) => built(file, '.js')) }),
    files: ['dist'],
    engines,
    dependencies: pinned(manifest.dependencies),
    ...(peerDependencies === undefined ? {} : { peerDependencies: pinned(peerDependencies) }),
  }
}

/** What is exported for tests stays in this repository: they start its planes. @throws Error if a target is no single file */
function publishedExports(name: string, exports: Record<string, unknown> = {}): PublishedManifest['exports'] {
  const published: PublishedManifest['exports'] = {}
  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target !== 'string') throw new Error(`${name} exports ${subpath} with conditions; give it one file.`)
    if (isOfTests(target)) continue
    published[subpath] = target.endsWith('.ts')
      ? { types: built(target, '.d.ts'), default: built(target, '.js') }
      : built(target, '')
  }
  return { ...published, './package.json': './package.json' }
}

const built = (file: string, extension: string): string =>
  file.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, extension)

const mapValues = (record: Record<string, string>, change: (value: string, key: string) => string) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))

// The folders that a package needs at run time: its own, and those of everything that it depends on, found as Node finds them.

import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Manifest } from '../repository.ts'

/** Real paths, `folder` first. @throws Error for a dependency that is not installed, unless it may be absent */
export function dependencyFolders(folder: string): string[] {
  const found = new Set<string>()
  const waiting = [realpathSync(folder)]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifestOf(next)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const installed = find(name, next)
      if (installed !== null) waiting.push(installed)
      else if (name in dependencies && !(name in optionalDependencies)) throw new Error(`${name} of ${next} is missing`)
    }
  }
  return [...found]
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

function find(name: string, from: string): string | null {
  const here = join(from, 'node_modules', name)
  if (existsSync(join(here, 'package.json'))) return realpathSync(here)
  const parent = dirname(from)
  return parent === from ? null : find(name, parent)
}

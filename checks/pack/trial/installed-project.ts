// A project of somebody else: a folder outside the repository, into which packages are installed from tarballs and the registry.

import { execFile } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { promisify } from 'node:util'

import { npmInstall } from '../../npm-install.ts'
import { ROOT, readManifest } from '../../repository.ts'
import { makeScratch } from '../../scratch.ts'
import type { Scratch } from '../../scratch.ts'

/**
 * @param packages names of what it depends on: from the tarballs if it is among them, else from the registry, in the version that
 *   the repository asks for
 */
export async function installProject(
  packages: readonly string[],
  tarballs: ReadonlyMap<string, string>,
): Promise<Scratch> {
  const project = makeScratch()
  const { devDependencies = {} } = readManifest(ROOT, '.')
  const versionOf = (name: string) => {
    const tarball = tarballs.get(name)
    const version = tarball === undefined ? devDependencies[name] : `file:${tarball}`
    if (version === undefined) throw new Error(`${name} has no tarball and no version in the root's devDependencies.`)
    return version
  }
  const dependencies = Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
  project.write('package.json', JSON.stringify({ name: 'somebody', private: true, type: 'module', dependencies }))
  await npmInstall(project.path)
  return project
}

/** Runs a program there, on this very Node, and answers what it printed. @throws Error with that, if it fails */
export async function runIn({ path }: Scratch, program: string, args: readonly string[]): Promise<string> {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
  try {
    return (await promisify(execFile)(program, args, { cwd: path, env: { ...process.env, PATH } })).stdout
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause })
  }
}

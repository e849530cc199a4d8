// Finds the program of an installed package as Node finds packages: in node_modules, from this folder upwards. Its file is run as a
// process; nothing of it is imported.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { CannotRun } from '../cannot-run.ts'

/** The path of the program. @throws CannotRun with what to install */
export function findBin(packageName: string, bin: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', packageName)
    const manifest = join(home, 'package.json')
    if (existsSync(manifest)) {
      const { bin: programs = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: Record<string, string> }
      const program = programs[bin]
      if (program !== undefined) return join(home, program)
      throw new CannotRun(
        `The ${packageName} in ${home} has no ${bin}.`,
        `Update it: npm install ${packageName}@latest`,
      )
    }
    if (folder === dirname(folder)) {
      throw new CannotRun(
        `${packageName} is not installed here or in a folder above.`,
        `Install it: npm install ${packageName}`,
      )
    }
  }
}

// What an image would hold, in a folder: the files that its Dockerfile copies, and what its npm commands install there. What it does
// to the rest of a file system is left out: there is none here but the machine's own.

import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { linkForProduction } from '../npm-install.ts'
import { ROOT } from '../repository.ts'
import type { Dockerfile } from './read-dockerfile.ts'

const INSTALL_MS_MAX = 180_000
/** What .dockerignore leaves out, as far as it is in the folders that are copied. */
const LEFT_OUT = /(^|\/)(node_modules|testing)(\/|$)|\.test\.ts$/

export function buildFolder({ copies, runs }: Dockerfile, folder: string): void {
  for (const { from, to } of copies) {
    for (const path of from) {
      const target = to.endsWith('/') ? join(folder, to, path) : join(folder, to)
      cpSync(join(ROOT, path), target, {
        recursive: true,
        filter: (source) => !LEFT_OUT.test(source.slice(ROOT.length)),
      })
    }
  }
  linkForProduction(folder)
  for (const command of runs.filter((run) => run.startsWith('npm '))) {
    // The cache is the machine's, and stays.
    const here = command.replace(/&& npm cache clean --force\s*$/, '')
    execFileSync('sh', ['-c', here], { cwd: folder, timeout: INSTALL_MS_MAX, stdio: ['ignore', 'ignore', 'inherit'] })
  }
}

// biplane-runtime load: whether the configuration and its realms can be loaded. `dev` asks this of a process of its own before it
// ends the one that works, and learns which modules to watch.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Command } from 'commander'

import { ConfigurationError, loadConfig, loadRealms, configPathOf } from '../config.ts'
import { catalogueOf } from '../engine/catalogue.ts'
import { fail } from './cannot-run.ts'

/** What was loaded by whoever owns it: the hash of each module, by its path. Installed packages are not watched. */
export type Modules = Record<string, string>

export const addLoad = (program: Command): Command =>
  program.command('load').description('load runtime.config.ts and its realms, and say whether that works').action(load)

async function load(): Promise<void> {
  const modules: Modules = {}
  registerHooks({
    load(url, context, next) {
      note(modules, url)
      return next(url, context)
    },
  })
  const problem = await tryToLoad()
  await tell({ type: 'loaded', modules })
  if (problem === null) {
    process.stdout.write('The configuration and its realms load.\n')
    process.exit(0)
  }
  const { cause } = problem as Error
  if (!(problem instanceof ConfigurationError) || !(cause instanceof Error) || isNotFound(cause)) fail(problem)
  process.stderr.write(`${problem.message}\n`)
  // Of a syntax error Node alone knows the place, and prints it when the error ends the process.
  throw cause
}

async function tryToLoad(): Promise<unknown> {
  try {
    const configPath = configPathOf(process.env)
    catalogueOf(await loadRealms(await loadConfig(configPath), configPath))
    return null
  } catch (error) {
    return error
  }
}

function note(modules: Modules, url: string): void {
  if (!url.startsWith('file:')) return
  const path = fileURLToPath(url)
  if (!path.includes(`${sep}node_modules${sep}`)) modules[path] = hashOf(path)
}

/** Of a file that is not there it is that of nothing. */
export function hashOf(path: string): string {
  let text = Buffer.alloc(0)
  try {
    text = readFileSync(path)
  } catch {
    // Between two saves a file may be away.
  }
  return createHash('sha256').update(text).digest('base64url')
}

const isNotFound = (cause: Error): boolean => (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'

const tell = (message: object): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, () => resolve())
  })

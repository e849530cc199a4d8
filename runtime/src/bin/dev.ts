// biplane-runtime dev: the runtime as a child, restarted when a module changes that its configuration or its realms import.
//
//   check ──loads──► stop the old one, start the new one ──► wait for a change ──► check …
//     └── does not load ──► say why; the old one keeps running ──► wait for a change ──► check …
//
// Executions in flight go on in the new one by replay; those that its code does not fit pause, and are told.

import { once } from 'node:events'
import { existsSync } from 'node:fs'

import type { Command } from 'commander'

import { ConfigurationError, configPathOf } from '../config.ts'
import { EXIT_CONFIGURATION, fail } from './cannot-run.ts'
import { type Checked, checkLoad } from './load-check.ts'
import { type Modules, hashOf } from './load.ts'
import { ModuleWatch } from './module-watch.ts'
import { type Exit, RuntimeChild } from './runtime-child.ts'
import { linesOfStopped } from './stopped-lines.ts'

export const addDev = (program: Command): Command =>
  program
    .command('dev')
    .description('run the realms of runtime.config.ts, and reload them when they are saved')
    .action(() => dev().catch(fail))

async function dev(): Promise<void> {
  const configPath = configPathOf(process.env)
  if (!existsSync(configPath)) {
    throw new ConfigurationError(`There is no ${configPath}. Write a first realm: npx biplane new realm hello`)
  }
  const runtime = new ReloadedRuntime()
  const watch = new ModuleWatch()
  const stopping = stopSignal()
  const stopped = once(stopping, 'abort')
  try {
    while (!stopping.aborted) {
      const checked = await checkLoad(stopping)
      if (stopping.aborted) break
      watch.follow([configPath, ...runtime.modules, ...Object.keys(checked.modules)])
      await Promise.race([runtime.take(checked), stopped])
      while (!stopping.aborted && !isStale(checked.modules)) {
        await Promise.race([watch.changed(), stopped])
        // What was missing may be there now.
        if (checked.problem !== null) break
      }
    }
  } finally {
    watch.close()
    await runtime.stop()
  }
  process.exit(0)
}

class ReloadedRuntime {
  #child: RuntimeChild | null = null
  #url: string | null = null
  #modules: Modules = {}
  #problem: string | null = null

  get modules(): string[] {
    return Object.keys(this.#modules)
  }

  /** Goes over to what was checked, if it loads and is new. */
  async take({ modules, problem }: Checked): Promise<void> {
    const told = this.#problem
    this.#problem = problem
    if (problem === null) {
      if (this.#child === null || !isSame(modules, this.#modules)) await this.#restart(modules)
      else if (told !== null) say('It loads again, as it was.')
    } else if (problem !== told) {
      say(
        `${problem}\n${this.#child === null ? 'Mend it and save.' : 'The code from before keeps running. Mend it and save.'}`,
      )
    }
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = null
    await child?.stop()
  }

  async #restart(modules: Modules): Promise<void> {
    const isFirst = this.#url === null
    const began = performance.now()
    await this.stop()
    this.#modules = modules
    // Followers come back to the address that they know.
    const port = this.#url === null ? null : new URL(this.#url).port
    const child = new RuntimeChild(port, (stopped) => say(linesOfStopped(stopped, this.#url ?? '')))
    this.#child = child
    void child.ended.then(([code, signal]) => this.#ended(child, signal ?? `exit code ${code}`))
    const url = await child.listening
    if (url === null) return isFirst ? exitIfHopeless(await child.ended) : undefined
    this.#url = url
    process.send?.({ type: 'listening', url })
    if (!isFirst) say(`Reloaded in ${Math.round(performance.now() - began)} ms.`)
  }

  #ended(child: RuntimeChild, how: string): void {
    if (this.#child !== child) return
    this.#child = null
    say(`The runtime ended by itself (${how}). It is started again when a module changes.`)
  }
}

/** What keeps it from running at all, such as a taken port, is not mended in a module; it has said so itself. */
function exitIfHopeless([code]: Exit): void {
  if (code === EXIT_CONFIGURATION) process.exit(code)
}

/** Aborts at Ctrl-C and its kin, or when the process that started this one is gone. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  process.once('disconnect', () => stopping.abort())
  return stopping.signal
}

/** Whether a module is no longer what was loaded. */
const isStale = (modules: Modules): boolean => Object.entries(modules).some(([path, hash]) => hashOf(path) !== hash)

const isSame = (a: Modules, b: Modules): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([path, hash]) => b[path] === hash)

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// For tests: a project of somebody's own in a temporary folder, and the `biplane-runtime` command run there. The folder is below the
// root of the repository, where git does not look and the packages of the repository are found.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { PROGRAM } from './runtime-child.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const WAIT_MS_MAX = 30_000
const LOOK_MS = 10

export class TestProject {
  readonly folder: string
  readonly #processes: ChildProcess[] = []

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(files: Record<string, string> = {}): Promise<TestProject> {
    const parent = join(ROOT, '.biplane')
    await mkdir(parent, { recursive: true })
    const project = new TestProject(await mkdtemp(join(parent, 'project-')))
    for (const [file, text] of Object.entries(files)) await project.write(file, text)
    return project
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8')
  }

  async write(file: string, text: string): Promise<void> {
    const path = join(this.folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }

  /** All of its files, as sorted paths. */
  async list(): Promise<string[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort()
  }

  /** Runs `node` with these arguments to its end. */
  async node(...args: string[]): Promise<{ code: number | null; said: string }> {
    const { child, said } = this.#start(args, 'ignore')
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, said: said() }
  }

  biplaneRuntime(...args: string[]): Promise<{ code: number | null; said: string }> {
    return this.node(PROGRAM, ...args)
  }

  /** What the command says to programs: its standard output alone. */
  async outputOf(...args: string[]): Promise<string> {
    const { child } = this.#start([PROGRAM, ...args], 'ignore')
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => (text += String(chunk)))
    await once(child, 'close')
    return text
  }

  start(): DevProcess {
    const { child, said } = this.#start([PROGRAM, 'start'], 'ignore')
    return new DevProcess(child, said)
  }

  dev(): DevProcess {
    const { child, said } = this.#start([PROGRAM, 'dev'], 'ignore')
    return new DevProcess(child, said)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(this.folder, { recursive: true, force: true })
  }

  #start(args: readonly string[], stdin: 'ignore') {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      // Unset, or a test runner inside this one would report to it.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, RUNTIME_PORT: '0', BIPLANE_LOG: 'error' },
      stdio: [stdin, 'pipe', 'pipe'],
    })
    this.#processes.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += String(chunk)))
    return { child, said: () => text }
  }
}

export class DevProcess {
  readonly process: ChildProcess
  readonly #said: () => string
  #heard = 0

  constructor(child: ChildProcess, said: () => string) {
    this.process = child
    this.#said = said
  }

  /** What it says next that matches. What stands before it counts as heard. @throws Error if that does not come */
  async says(what: RegExp): Promise<RegExpExecArray> {
    for (const end = Date.now() + WAIT_MS_MAX; Date.now() < end; await sleep(LOOK_MS)) {
      const found = what.exec(this.#said().slice(this.#heard))
      if (found === null) continue
      this.#heard += found.index + found[0].length
      return found
    }
    throw new Error(`In vain waited for ${what} in:\n${this.#said()}`)
  }

  /** How often it has said what matches, from its start until now. `what` is global. */
  timesSaid(what: RegExp): number {
    return [...this.#said().matchAll(what)].length
  }

  async url(): Promise<string> {
    return (await this.says(/Biplane runtime on (\S+)/))[1] ?? ''
  }
}

/** Asks again and again until there is an answer that fits. @throws Error if none comes */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  let answer = await ask()
  for (const end = Date.now() + WAIT_MS_MAX; !fits(answer); answer = await ask()) {
    if (Date.now() > end) throw new Error(`In vain waited for another answer than ${JSON.stringify(answer)}`)
    await sleep(LOOK_MS)
  }
  return answer
}

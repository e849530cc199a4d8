// A plane as the process that it is, for tests: started, waited for, and ended by its id.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const START_MS_MAX = 30_000
const STOP_MS_MAX = 15_000
const ADDRESS = /http:\/\/[\w.[\]:]+/

export interface NodeProcess extends AsyncDisposable {
  /** The address that it printed. */
  url: string
  pid: number
  /** All that it has printed, on both of its streams. */
  printed(): string
  /** Ends it, and answers its exit code; null if the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export interface ProcessOptions {
  /** A module, from the root of the repository. */
  main: string
  args?: readonly string[]
  env?: Record<string, string>
  cwd?: string
}

/** @throws Error with what it printed, if it ends or is silent instead of printing its address */
export async function startProcess(options: ProcessOptions): Promise<NodeProcess> {
  const { child, printed, exited } = run(options)
  const url = await addressOf(child, printed).catch(async (error: unknown) => {
    child.kill('SIGKILL')
    await exited
    throw error
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    const code = await exited
    clearTimeout(timer)
    return code
  }
  return { url, pid: child.pid ?? 0, printed, end, [Symbol.asyncDispose]: async () => void (await end('SIGTERM')) }
}

/** Runs a process that is expected to end by itself. */
export async function runProcess(options: ProcessOptions): Promise<{ code: number | null; printed: string }> {
  const { child, printed, exited } = run(options)
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX)
  const code = await exited
  clearTimeout(timer)
  return { code, printed: printed() }
}

function run({ main, args = [], env = {}, cwd = ROOT }: ProcessOptions) {
  // Unset, or a test runner inside this one would report to it.
  const all = { ...process.env, NODE_TEST_CONTEXT: undefined, ...env }
  const child = spawn(process.execPath, [`${ROOT}${main}`, ...args], {
    cwd,
    env: all,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  // Not `exit`: what it printed last is still to be read then.
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, printed: () => text, exited }
}

function addressOf(child: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`It ${why}. It printed:\n${printed()}`))
    const timer = setTimeout(() => fail('printed no address'), START_MS_MAX)
    const look = () => {
      const url = ADDRESS.exec(printed())?.[0]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    }
    child.stdout?.on('data', look)
    child.on('close', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

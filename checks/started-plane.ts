// A plane started as a process, for tests that run it outside this repository.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Generous, because an install may run beside it. */
const START_MAX_MS = 30_000
const STOP_MAX_MS = 10_000
const ADDRESS = /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/

export interface StartedPlane extends AsyncDisposable {
  /** Where it listens, as it printed it. */
  url: string
  pid: number
  /** As a power switch would. */
  kill(): Promise<void>
}

/** Runs `node main` in `cwd` until it prints its address. @throws Error with what it printed, if it does not. */
export async function startPlane(cwd: string, main: string, env: Record<string, string>): Promise<StartedPlane> {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${main} ${why}. It printed:\n${printed}`))
    const timer = setTimeout(() => fail(`printed no address within ${START_MAX_MS} ms`), START_MAX_MS)
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const address = ADDRESS.exec(printed)?.[0]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    url,
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

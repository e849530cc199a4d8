// The two planes as processes that can be killed at any moment.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

type Complaints = 'inherit' | 'ignore'

export interface Plane {
  child: ChildProcess
  url: string
}

/** `complaints`: what becomes of its standard error. */
export const startRuntime = (
  folder: string,
  env: Record<string, string> = {},
  complaints: Complaints = 'inherit',
): Promise<Plane> =>
  start(
    'runtime/src/main.ts',
    {
      BIPLANE_DATA: join(folder, 'data'),
      BIPLANE_CONFIG: join(import.meta.dirname, 'crash/runtime.config.ts'),
      CRASH_TRACE: join(folder, 'trace'),
      RUNTIME_PORT: '0',
      BIPLANE_LOG: 'error',
      ...env,
    },
    complaints,
  )

export const startGateway = (runtimeUrl: string, env: Record<string, string> = {}): Promise<Plane> =>
  start(
    'experience/gateway/src/main.ts',
    { RUNTIME_URL: runtimeUrl, GATEWAY_PORT: '0', BIPLANE_LOG: 'error', ...env },
    'inherit',
  )

/** Resolves when it says where it listens. @throws Error if it exits before */
async function start(main: string, env: Record<string, string>, complaints: Complaints): Promise<Plane> {
  const child = spawn(process.execPath, [join(ROOT, main)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', complaints, 'ipc'],
  })
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`${main} exited with ${String(code)} before it listened`)
  })
  const [message] = (await Promise.race([once(child, 'message'), exited])) as [{ url: string }]
  exited.catch(() => {})
  return { child, url: message.url }
}

/** As a power switch would. */
export async function killNow({ child }: Plane): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export async function stop({ child }: Plane): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** The answer's JSON, which is what the protocol says it is. */
export async function json<T>(url: string, body?: unknown): Promise<T> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const response = await fetch(url, body === undefined ? {} : init)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

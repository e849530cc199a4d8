// The planes as processes of their own, on a disk.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface Started extends AsyncDisposable {
  url: string
  pid: number
}

/** `BENCH_NODE_FLAGS=--cpu-prof` profiles the runtime. */
const flags = (): string[] => (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')

export const startRuntime = (folder: string): Promise<Started> =>
  start([...flags(), join(ROOT, 'runtime/src/main.ts')], {
    BIPLANE_DATA: folder,
    RUNTIME_PORT: '0',
    BIPLANE_CONFIG: join(ROOT, 'bench/runtime.config.ts'),
    BIPLANE_LOG: 'warn',
  })

export const startGateway = (runtimeUrl: string): Promise<Started> =>
  start([join(ROOT, 'experience/gateway/src/main.ts')], {
    RUNTIME_URL: runtimeUrl,
    GATEWAY_PORT: '0',
    BIPLANE_LOG: 'warn',
  })

/** Runs a program of this package that says `{url}` to its parent when it listens. */
export const startProgram = (path: string): Promise<Started> => start([join(import.meta.dirname, path)], {})

async function start(args: string[], env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const early = exited.then(([code]) => {
    throw new Error(`${args.at(-1)} ended with ${String(code)} before it listened.`)
  })
  const [message] = (await Promise.race([once(child, 'message'), early])) as [{ url: string }]
  early.catch(() => {})
  return {
    url: message.url,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** A folder for the log, removed when `work` is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

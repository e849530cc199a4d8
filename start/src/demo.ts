// What `npm run demo` runs: the demo of the `biplane` command, against the gateway that is up, or against two planes of its own
// that are started for it on free ports with a temporary data folder, and stopped after it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PlaneFailed } from './plane.ts'
import { EXPERIENCE, ROOT, RUNTIME } from './plane-spec.ts'
import { stopSignals } from './stop-signals.ts'
import { supervise } from './supervisor.ts'
import { sayOfPlane } from './terminal.ts'

const HEALTH_MAX_MS = 1000
/** What a shell says of a command that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130
const named = process.env['BIPLANE_URL'] || null
const url = named ?? 'http://127.0.0.1:8100/v1'
const { stop, force } = stopSignals()

// Whoever names a gateway means that one; without a name any will do.
process.exitCode = named !== null || (await isUp(url)) ? await runDemo(url) : await runDemoOnOwnPlanes()

async function isUp(api: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', api), { signal: AbortSignal.timeout(HEALTH_MAX_MS) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

async function runDemoOnOwnPlanes(): Promise<number> {
  process.stderr.write(`Nothing answers at ${url}.\nStarting two planes for this demo alone …\n`)
  const data = await mkdtemp(join(tmpdir(), 'biplane-demo-'))
  const env = { ...process.env, BIPLANE_DATA: data, RUNTIME_PORT: '0', GATEWAY_PORT: '0' }
  const planes = {
    runtime: RUNTIME,
    experience: EXPERIENCE,
    env,
    logs: join(data, 'logs'),
    say: sayOfPlane,
    stop,
    force,
  }
  try {
    const code = await supervise(planes, ({ experience }) => runDemo(`${experience}/v1`, '--temporary'))
    await rm(data, { recursive: true, force: true })
    return code ?? EXIT_INTERRUPTED
  } catch (error) {
    if (!(error instanceof PlaneFailed)) throw error
    // The message names a log in the data folder, so that stays.
    process.stderr.write(`\n${error.message}\n`)
    return 1
  }
}

/** Its exit code. Ctrl-C reaches it as it reaches us; any other signal is passed on. */
async function runDemo(api: string, ...options: string[]): Promise<number> {
  const command = [`${ROOT}experience/cli/src/main.ts`, 'demo', '--url', api, ...options, ...process.argv.slice(2)]
  const cli = spawn(process.execPath, command, { stdio: 'inherit' })
  const end = () => cli.kill()
  stop.addEventListener('abort', end)
  const [code] = (await once(cli, 'exit')) as [number | null]
  stop.removeEventListener('abort', end)
  return code ?? 1
}

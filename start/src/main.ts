// What `npm start` runs: the runtime, the experience and the console as processes of their own, until Ctrl-C.

import { join, resolve } from 'node:path'

import { PlaneFailed } from './plane.ts'
import { CONSOLE, EXPERIENCE, ROOT, RUNTIME } from './plane-spec.ts'
import { stopSignals } from './stop-signals.ts'
import { supervise } from './supervisor.ts'
import { banner, sayOfPlane } from './terminal.ts'

const data = resolve(process.env['BIPLANE_DATA'] ?? join(ROOT, '.biplane'))
const logs = join(data, 'logs')
const { stop, force } = stopSignals()
stop.addEventListener('abort', () =>
  process.stderr.write('\nStopping: the console, the experience, then the runtime …\n'),
)

try {
  await supervise(
    {
      runtime: RUNTIME,
      experience: EXPERIENCE,
      console: CONSOLE,
      env: { ...process.env, BIPLANE_DATA: data },
      logs,
      say: sayOfPlane,
      stop,
      force,
    },
    (addresses) => {
      process.stdout.write(`${banner(addresses, data, logs)}\n`)
      return new Promise(() => {})
    },
  )
  process.stderr.write('Stopped.\n')
} catch (error) {
  if (!(error instanceof PlaneFailed)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}

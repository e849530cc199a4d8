// The process of the Runtime Plane: `npm run runtime`.

import { ConfigurationError, loadConfig, loadRealms, readEnvironment } from './config.ts'
import { createRuntime } from './runtime.ts'
import { StoreLocked, StoreTooNew } from './store/error.ts'
import { systemLog } from './system.ts'

/** Nothing that a restart would mend: a supervisor leaves the process down. */
const EXIT_CONFIGURATION = 2
/** How long a clean stop may take. */
const STOP_MS_MAX = 15_000

async function main(): Promise<void> {
  const environment = readEnvironment(process.env)
  const config = await loadConfig(environment.configPath)
  const log = systemLog(environment.logLevel)
  // A realm that drops a promise must not end the executions of all the others.
  process.on('unhandledRejection', (error) => {
    log.error({ error: String(error), stack: (error as Error | undefined)?.stack }, 'a promise was rejected unheard')
  })
  const runtime = await createRuntime({
    realms: await loadRealms(config, environment.configPath),
    origins: config.origins ?? [],
    dataFolder: environment.dataFolder,
    host: environment.host,
    port: environment.port,
    hosts: environment.hosts,
    auth: environment.auth,
    log,
  })
  process.stdout.write(`Biplane runtime on ${runtime.url}\n`)
  process.send?.({ type: 'listening', url: runtime.url })
  const stop = () => {
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    runtime.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  // Its supervisor is gone.
  process.once('disconnect', stop)
}

function fail(error: unknown): never {
  const known = error instanceof ConfigurationError || error instanceof StoreLocked || error instanceof StoreTooNew
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  const message = taken
    ? `Port ${process.env['RUNTIME_PORT'] ?? 8000} is taken. Set RUNTIME_PORT to another, or RUNTIME_PORT=0 for any free one.`
    : known
      ? (error as Error).message
      : ((error as Error).stack ?? String(error))
  process.stderr.write(`${message}\n`)
  process.exit(known || taken ? EXIT_CONFIGURATION : 1)
}

main().catch(fail)

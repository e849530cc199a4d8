// The process of the Experience Plane: `npm run experience`, or `node src/main.ts [--config file] [--only surface,…]`.

import { parseArgs } from 'node:util'

import { loadConfig, resolveOptions } from './config.ts'
import { createExperience } from './gateway.ts'
import { ConfigurationError } from './kit/configuration-error.ts'

/** Nothing that a restart would mend: a supervisor leaves the process down. */
const EXIT_CONFIGURATION = 2

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, only: { type: 'string' } } })
  const options = resolveOptions(await loadConfig(values.config), process.env, values.only?.split(',') ?? null)
  const experience = await createExperience(options)
  const url = await experience.listen()
  process.stdout.write(`Biplane experience on ${url}\n`)
  process.send?.({ type: 'listening', url })
  const stop = () => {
    experience.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  // Its supervisor is gone.
  process.once('disconnect', stop)
}

function fail(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return leave(`Port ${port} is taken. Set GATEWAY_PORT to another, or GATEWAY_PORT=0 for any free one.`)
  }
  if (error instanceof ConfigurationError || code?.startsWith('ERR_PARSE_ARGS')) return leave((error as Error).message)
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`)
  process.exit(1)
}

function leave(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(EXIT_CONFIGURATION)
}

main().catch(fail)

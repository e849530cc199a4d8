#!/usr/bin/env node
// The process of the Experience Plane: `npm run experience`, or `node src/main.ts [--config file] [--only surface,…]`.

import { parseArgs } from 'node:util'

import { loadConfig, resolveOptions } from './config.ts'
import { createExperience } from './gateway.ts'
import { ConfigurationError } from './kit/configuration-error.ts'

/** Nothing that a restart would mend: a supervisor leaves the process down. */
const EXIT_CONFIGURATION = 2

/** Which variable has the port of this process; a configuration may say another. */
let portVariable = 'GATEWAY_PORT'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, only: { type: 'string' } } })
  const options = resolveOptions(await loadConfig(values.config), process.env, values.only?.split(',') ?? null)
  portVariable = options.portVariable ?? portVariable
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
  const message = toMend(error)
  process.stderr.write(`${message ?? (error as Error).stack ?? String(error)}\n`)
  process.exit(message === null ? 1 : EXIT_CONFIGURATION)
}

/** What a person must mend; null if it is our own fault. */
function toMend(error: unknown): string | null {
  const { code = '', port, address, hostname = address, message } = error as NodeJS.ErrnoException & Partial<Listened>
  if (error instanceof ConfigurationError || code.startsWith('ERR_PARSE_ARGS')) return message
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Set ${portVariable} to another, or ${portVariable}=0 for any free one.`
  }
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Set ${portVariable} to one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `GATEWAY_HOST=${hostname} is not an address of this machine.`
  }
  return null
}

interface Listened {
  port: number
  address: string
  hostname: string
}

main().catch(fail)

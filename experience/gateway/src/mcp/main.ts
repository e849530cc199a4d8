#!/usr/bin/env node
// `biplane-mcp [--url …] [--tenant …]`: what an agent's host starts to give its agent the tools of a gateway or a runtime. Its
// standard output is the protocol's; people are told on standard error.

import { parseArgs } from 'node:util'

import { ConfigurationError } from '../kit/configuration-error.ts'
import type { Log } from '../kit/log.ts'
import { serveMcpOverStdio } from './stdio.ts'
import type { StdioPlace } from './stdio-door.ts'

const DEFAULT_URL = 'http://127.0.0.1:8100/v1'
/** Nothing that another start would mend. */
const EXIT_CONFIGURATION = 2

const say = (about: object, line: string): void => {
  process.stderr.write(`${line}: ${about instanceof Error ? about.message : JSON.stringify(about)}\n`)
}
const log: Log = { error: say, warn: say, info: () => undefined }

/** The variables are those of the `biplane` command. A credential is never an argument: every process can read those. */
function placeIn(env: Record<string, string | undefined>): StdioPlace {
  const { values } = parseArgs({ options: { url: { type: 'string' }, tenant: { type: 'string' } } })
  const url = values.url ?? (env['BIPLANE_URL'] || DEFAULT_URL)
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new ConfigurationError(`${url} is not an address. Give --url or BIPLANE_URL like ${DEFAULT_URL}.`)
  }
  return {
    url,
    tenantId: values.tenant ?? (env['BIPLANE_TENANT'] || undefined),
    token: env['BIPLANE_TOKEN'] || env['BIPLANE_API_KEY'] || undefined,
  }
}

async function main(): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const { stdin: input, stdout: output } = process
  await serveMcpOverStdio({ place: placeIn(process.env), input, output, log, stop: stop.signal })
  process.exit(0)
}

main().catch((error: unknown) => {
  const { code, message, stack } = error as NodeJS.ErrnoException
  const isTheirs = error instanceof ConfigurationError || code?.startsWith('ERR_PARSE_ARGS') === true
  process.stderr.write(`${isTheirs ? message : stack}\n`)
  process.exit(isTheirs ? EXIT_CONFIGURATION : 1)
})

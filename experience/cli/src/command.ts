// What every command starts from: the options that all of them take, and what to do about an error.

import { BiplaneError, type Client, createClient } from '@biplane/client'
import type { Command } from 'commander'

import { EXIT, exitCodeOfError } from './exit-code.ts'
import { Output, dim } from './output.ts'

const DEFAULT_URL = 'http://127.0.0.1:8100/v1'
const DEFAULT_TENANT = 'demo'

/** What must be said on the command line to reach this gateway and tenant: nothing, if they are what is meant anyway. */
export const globalsFor = (url: string, tenant: string): string =>
  `${url === DEFAULT_URL ? '' : ` --url ${url}`}${tenant === DEFAULT_TENANT ? '' : ` --tenant ${tenant}`}`

/** What a shell says of a command that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130

export interface Task {
  client: Client
  out: Output
  url: string
  tenant: string
}

interface Globals {
  url: string
  tenant: string
  json?: boolean
}

export function addGlobalOptions(program: Command): Command {
  return program
    .option('--url <url>', 'the gateway, or a runtime (…/api)', process.env['BIPLANE_URL'] ?? DEFAULT_URL)
    .option('--tenant <id>', 'whose data it is', process.env['BIPLANE_TENANT'] ?? DEFAULT_TENANT)
    .option('--json', 'one JSON document a line, for programs')
}

/** Runs a command and sets the exit code that `perform` answers, or the one that its error has. */
export async function run(command: Command, perform: (task: Task) => Promise<number>): Promise<void> {
  const { url, tenant, json = false } = command.optsWithGlobals<Globals>()
  const out = new Output(json)
  process.once('SIGINT', () => {
    out.endProgress()
    out.line(dim('Left. What was accepted goes on; see it again with: npx biplane follow <execution>'))
    process.exit(EXIT_INTERRUPTED)
  })
  try {
    process.exitCode = await perform({ client: createClient({ url, tenantId: tenant }), out, url, tenant })
  } catch (error) {
    process.exitCode = report(error, out, url)
  }
  out.endProgress()
}

function report(error: unknown, out: Output, url: string): number {
  if (error instanceof BiplaneError) {
    const { code, detail, advice, status, errors } = error
    out.record({ type: 'problem', code, status, detail, advice, ...(errors === undefined ? {} : { errors }) })
    const where = code === 'runtime_unavailable' ? `Nothing answers at ${url}. ` : ''
    const how = code === 'runtime_unavailable' ? 'Start it with npm start, or name another with --url.' : advice
    out.problem(`${where}${detail} (${code})`, how)
    return exitCodeOfError(error)
  }
  const { code, path, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    out.record({ type: 'problem', code: 'file_unreadable', detail: message })
    out.problem(
      `The file ${path ?? ''} cannot be read: ${message}`,
      'Check the path and that it is a file you may read.',
    )
    return EXIT.usage
  }
  throw error
}

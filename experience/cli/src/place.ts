// Which gateway or runtime a command talks to, in whose name, and about whose data: what the options that all commands take say.

import { type Command, Option } from 'commander'

import { CannotRun } from './cannot-run.ts'

const DEFAULT_URL = 'http://127.0.0.1:8100/v1'
const DEFAULT_TENANT = 'demo'

/** Printable ASCII, in one word. */
const CREDENTIAL = /^[\x21-\x7e]+$/

export interface Place {
  /** The gateway, or a runtime. */
  url: string
  /** Undefined: the token says it. */
  tenant: string | undefined
  /** A token or an API key. Never printed. */
  token: string | undefined
}

interface Globals {
  url: string
  tenant: string
  token?: string
  key?: string
}

export function addGlobalOptions(program: Command): Command {
  return program
    .addOption(new Option('--url <url>', 'the gateway, or a runtime (…/api)').env('BIPLANE_URL').default(DEFAULT_URL))
    .addOption(
      new Option('--tenant <tenant>', 'whose data it is; with a token, the token says it')
        .env('BIPLANE_TENANT')
        .default(DEFAULT_TENANT),
    )
    .addOption(new Option('--token <token>', 'who asks: a token of the gateway').env('BIPLANE_TOKEN'))
    .addOption(new Option('--key <key>', 'who asks: an API key').env('BIPLANE_API_KEY'))
    .option('--json', 'one JSON document a line, for programs')
}

/** @throws CannotRun if the options contradict each other, or the address is none */
export function placeOf(command: Command): Place {
  const program = rootOf(command)
  const { url, tenant } = program.opts<Globals>()
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CannotRun(`${url} is not an address.`, `Give --url as it is printed at the start: ${DEFAULT_URL}`)
  }
  const token = credentialOf(program)
  const isTokens = token !== undefined && program.getOptionValueSource('tenant') === 'default'
  return { url, tenant: isTokens ? undefined : tenant, token }
}

/** What must be said on the command line to come back to this place. What the environment says, it says then too. */
export function globalsFor(command: Command): string {
  const program = rootOf(command)
  const { url, tenant } = program.opts<Globals>()
  const isSaid = (name: string) => program.getOptionValueSource(name) === 'cli'
  return `${isSaid('url') ? ` --url ${url}` : ''}${isSaid('tenant') ? ` --tenant ${tenant}` : ''}`
}

/** As `globalsFor`, of a place that is known by its address. */
export const globalsOf = (url: string, tenant: string): string =>
  `${url === DEFAULT_URL ? '' : ` --url ${url}`}${tenant === DEFAULT_TENANT ? '' : ` --tenant ${tenant}`}`

/** The command line goes before the environment. */
function credentialOf(program: Command): string | undefined {
  const { token, key } = program.opts<Globals>()
  const isTyped = (name: string) => program.getOptionValueSource(name) === 'cli'
  if (isTyped('token') && isTyped('key')) throw new CannotRun('Both --token and --key are given.', 'Give one of them.')
  // A variable that is set to nothing says nothing.
  const given = (isTyped('key') ? key : token || key) || undefined
  // No header could carry it, and the error of who tries would show it.
  if (given !== undefined && !CREDENTIAL.test(given)) {
    throw new CannotRun('The token or key has characters that none has.', 'Give it as it was printed, in one line.')
  }
  return given
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent)
}

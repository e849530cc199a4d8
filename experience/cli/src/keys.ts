// biplane keys: the API keys of a gateway on this machine. They are in a file that the gateway reads (BIPLANE_KEYS), so whoever may
// write the file may make keys, and needs no key to begin with.

import { KeyFileError, type KeyRecord, type NewKey, ROLES, createKey, listKeys, revokeKey } from '@biplane/gateway/keys'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'

import { CannotRun } from './cannot-run.ts'
import { EXIT } from './exit-code.ts'
import { runHere } from './project/run-here.ts'
import { momentOf } from './terminal/moment.ts'
import { Output } from './terminal/output.ts'
import { dim } from './terminal/style.ts'
import { type Cell, tableOf } from './terminal/table.ts'

const DEFAULT_FILE = '.biplane/keys.json'
const DAY_MS = 24 * 60 * 60_000
const DAYS_MAX = 3_650

interface Options {
  file: string
  json?: boolean
  intent: string[]
  query: string[]
  days?: number
}

export function addKeys(program: Command): Command {
  const keys = program
    .command('keys')
    .description('make, list and revoke the API keys of a gateway on this machine')
    .addOption(new Option('--file <file>', 'where the keys are').env('BIPLANE_KEYS').default(DEFAULT_FILE))
  keys
    .command('create')
    .description('make a key for a program; it is shown once')
    .argument('<name>', 'what the log is to call it')
    .argument('<tenant>', 'whose things it is for')
    .addArgument(new Argument('[role]', 'what it may do').choices(ROLES).default('user'))
    .option('--intent <type>', 'submits these intents alone; may be repeated', addType, [])
    .option('--query <type>', 'asks these queries alone; may be repeated', addType, [])
    .option('--days <days>', 'ends after so many days', parseDays)
    .action((name: string, tenant: string, role: NewKey['role'], _options: object, command: Command) =>
      act(command, (out, options) => create(out, options, { name, tenant_id: tenant, role })),
    )
  keys
    .command('list')
    .description('list the keys that there are, and were')
    .action((_options: object, command: Command) => act(command, list))
  keys
    .command('revoke')
    .description('end a key: a running gateway refuses it within a second')
    .argument('<name>', 'as it was called when it was made')
    .action((name: string, _options: object, command: Command) =>
      act(command, (out, options) => revoke(out, options, name)),
    )
  return keys
}

const act = (command: Command, perform: (out: Output, options: Options) => Promise<void>): Promise<void> =>
  runHere(async () => {
    const options = command.optsWithGlobals<Options>()
    await perform(new Output(options.json ?? false), options).catch((error: unknown) => {
      if (error instanceof KeyFileError) throw new CannotRun(error.message, `The keys are in ${options.file}.`)
      throw error
    })
    return EXIT.done
  })

async function create(out: Output, { file, intent, query, days }: Options, named: NewKey): Promise<void> {
  const { key, record } = await createKey(file, {
    ...named,
    ...(intent.length === 0 ? {} : { intents: intent }),
    ...(query.length === 0 ? {} : { queries: query }),
    ...(days === undefined ? {} : { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() }),
  })
  out.record({ type: 'key', key, ...shown(record) })
  out.line(key)
  out.note(dim(`Keep it now: only its hash is in ${file}. A gateway that has BIPLANE_KEYS=${file} takes it.`))
}

async function list(out: Output, { file }: Options): Promise<void> {
  const records = await listKeys(file)
  for (const record of records) out.record({ type: 'key', ...shown(record) })
  if (records.length === 0) return out.note(`There are no keys in ${file}. Make one with: npx biplane keys create`)
  out.line(tableOf(['name', 'tenant', 'role', 'made', 'state'], records.map(rowOf), out.columns))
}

async function revoke(out: Output, { file }: Options, name: string): Promise<void> {
  await revokeKey(file, name)
  out.record({ type: 'revoked', name })
  out.line(`${name} is revoked.`)
}

const shown = ({ sha256: _hash, ...record }: KeyRecord) => record

const rowOf = (record: KeyRecord): Cell[] => [
  record.name,
  record.tenant_id,
  record.role,
  momentOf(record.created_at),
  stateOf(record),
]

function stateOf({ revoked_at, expires_at }: KeyRecord): string {
  if (revoked_at !== undefined) return `revoked ${momentOf(revoked_at)}`
  if (expires_at === undefined) return 'good'
  return `${Date.parse(expires_at) > Date.now() ? 'good until' : 'expired'} ${momentOf(expires_at)}`
}

const addType = (type: string, types: string[]): string[] => [...types, type]

function parseDays(text: string): number {
  const days = Number(text)
  if (/^\d+$/.test(text) && days >= 1 && days <= DAYS_MAX) return days
  throw new InvalidArgumentError(`It must be a whole number of days, from 1 to ${DAYS_MAX}.`)
}

// biplane-runtime check: whether the executions in flight go on with the code that is here. To be asked before it is deployed, beside the
// runtime that runs them.

import { Console } from 'node:console'
import { resolve } from 'node:path'

import type { Command } from 'commander'

import { ConfigurationError, configPathOf, dataFolderOf, loadConfig, loadRealms } from '../config.ts'
import { catalogueOf } from '../engine/catalogue.ts'
import { StoreTooNew } from '../store/error.ts'
import { DataBeside } from '../store/sqlite/read-beside.ts'
import { EXIT_CONFIGURATION, fail } from './cannot-run.ts'
import { type Checked, checkExecutions } from './check-executions.ts'
import { textOf } from './check-report.ts'

const TELL_EVERY_MS = 1_000
const EXIT_STOPS = 1
const EXITS = `
Exit codes:
  0  every execution in flight goes on with this code
  1  some would stop; they are named
  2  it could not be checked
`

interface CheckOptions {
  config?: string
  data?: string
  json?: boolean
}

export const addCheck = (program: Command): Command =>
  program
    .command('check')
    .description('replay the executions in flight against the code that is here, without doing anything')
    .option('--config <file>', 'names the realms to replay with (default: BIPLANE_CONFIG, or runtime.config.ts)')
    .option('--data <folder>', 'where the executions are (default: BIPLANE_DATA, or .biplane)')
    .option('--json', 'one JSON document, for programs')
    .addHelpText('after', EXITS)
    .action((options: CheckOptions) => check(options).catch((error: unknown) => fail(error, EXIT_CONFIGURATION)))

async function check({ config, data, json = false }: CheckOptions): Promise<void> {
  keepRealmsQuiet()
  const configPath = config === undefined ? configPathOf(process.env) : resolve(config)
  const catalogue = catalogueOf(await loadRealms(await loadConfig(configPath), configPath))
  const beside = open(data === undefined ? dataFolderOf(process.env) : resolve(data))
  const checked = await checkExecutions(beside, catalogue, tellProgress(beside.countUnfinished()))
  beside.close()
  const text = json ? JSON.stringify(checked) : textOf(checked)
  // A realm may hold the process open; it ends when all is said.
  process.stdout.write(`${text}\n`, () => process.exit(exitCodeOf(checked)))
}

const exitCodeOf = ({ in_flight, replay }: Checked): number => (replay < in_flight ? EXIT_STOPS : 0)

function open(folder: string): DataBeside {
  let beside: DataBeside | null
  try {
    beside = DataBeside.open(folder)
  } catch (cause) {
    if (cause instanceof StoreTooNew) throw cause
    const advice = 'Run check as the user that the runtime runs as.'
    throw new ConfigurationError(`The data in ${folder} cannot be read: ${String(cause)}. ${advice}`, { cause })
  }
  if (beside) return beside
  throw new ConfigurationError(
    `There is no data of a runtime in ${folder}. Name its folder with --data or BIPLANE_DATA.`,
  )
}

/** What a realm prints is not the answer, and a promise that it drops is not the end of the check. */
function keepRealmsQuiet(): void {
  globalThis.console = new Console(process.stderr)
  process.on('unhandledRejection', (error) =>
    console.error(`A promise of a realm was rejected unheard: ${String(error)}`),
  )
}

function tellProgress(total: number): (done: number) => void {
  let told_ms = performance.now()
  return (done) => {
    const now = performance.now()
    if (now - told_ms < TELL_EVERY_MS) return
    told_ms = now
    process.stderr.write(`${done} of ${total} in flight are checked …\n`)
  }
}

// biplane-runtime start: the process of the Runtime Plane.

import { mkdir } from 'node:fs/promises'

import { Option, type Command } from 'commander'

import { loadConfig, loadRealms, readEnvironment } from '../config.ts'
import { createRuntime } from '../runtime.ts'
import type { Store } from '../store/port.ts'
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import { systemClock, systemLog } from '../system.ts'
import { fail } from './cannot-run.ts'
import { reportStopped } from './stopped-executions.ts'

/** How long a clean stop may take. */
const STOP_MS_MAX = 15_000

interface StartOptions {
  /** Tell the process that started this one of each execution that pauses or parks. */
  reportStopped?: boolean
}

export const addStart = (program: Command): Command =>
  program
    .command('start')
    .description('run the realms of runtime.config.ts')
    .addOption(new Option('--report-stopped').hideHelp())
    .action((options: StartOptions) => start(options))

/** Runs until a signal ends the process, or the one that started it is gone. */
export async function start(options: StartOptions = {}): Promise<void> {
  await startRuntime(options).catch(fail)
}

async function startRuntime(options: StartOptions): Promise<void> {
  const environment = readEnvironment(process.env)
  const { configPath, dataFolder, host, port, hosts, auth, issuer, logLevel } = environment
  const config = await loadConfig(configPath)
  const log = systemLog(logLevel)
  // A realm that drops a promise must not end the executions of all the others.
  process.on('unhandledRejection', (error) => {
    log.error({ error: String(error), stack: (error as Error | undefined)?.stack }, 'a promise was rejected unheard')
  })
  const realms = await loadRealms(config, configPath)
  await mkdir(dataFolder, { recursive: true })
  const store = await openSqliteStore({ folder: dataFolder, clock: systemClock })
  const { origins = [], limits = {}, keepEvents } = config
  const place = { dataFolder, store, host, port, hosts }
  const runtime = await createRuntime({
    realms,
    origins,
    limits,
    ...(keepEvents !== undefined && { keepEvents }),
    ...place,
    auth,
    issuer,
    log,
  })
  // What mended code lets go on goes on as the engine starts: nobody need be told that it had stopped.
  if (options.reportStopped === true) tellStopped(store)
  process.stdout.write(`Biplane runtime on ${runtime.url}\n`)
  process.send?.({ type: 'listening', url: runtime.url })
  stopWhenAsked(() => runtime.close())
}

/** A terminal and npm may both pass on the same key press: it counts once. */
function stopWhenAsked(close: () => Promise<void>): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    close().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  // Its supervisor is gone.
  process.once('disconnect', stop)
}

const tellStopped = (store: Store): void =>
  reportStopped(store, systemClock, (executions) => void process.send?.({ type: 'stopped', executions }))

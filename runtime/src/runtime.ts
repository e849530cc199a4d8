// The Runtime Plane as a library. `createRuntime` starts one in this process and answers where it listens.

import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { isLoopback } from '@biplane/protocol'
import type { Realm } from '@biplane/realm'

import { ArtifactFolder } from './artifacts/folder.ts'
import { ConfigurationError } from './config.ts'
import { catalogueOf } from './engine/catalogue.ts'
import { Engine } from './engine/engine.ts'
import { performIn } from './engine/perform.ts'
import type { Log } from './engine/ports.ts'
import { keepHouse } from './housekeeping.ts'
import { createServer } from './http/server.ts'
import { tokenVerifier } from './http/token.ts'
import type { Runtime } from './runtime-parts.ts'
import type { Store } from './store/port.ts'
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts'
import { SessionStreams } from './streams/session-streams.ts'
import { systemClock, systemIds, systemLog } from './system.ts'
import { unwatched } from './watchdog/unwatched.ts'
import { startWatchdog } from './watchdog/watchdog.ts'

export { defineRuntime, type RuntimeConfig } from './config.ts'

export interface RuntimeOptions {
  realms: readonly Realm[]
  /** Where the log and the artifacts are. Default `.biplane`. */
  dataFolder?: string
  /** Default: SQLite in the data folder. */
  store?: Store
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any free one. */
  port?: number
  /** Host names served beside the loopback's. */
  hosts?: readonly string[]
  /** Web origins that may call although they are another site. */
  origins?: readonly string[]
  /** A JWKS URL or the path of a public key. Without it, every caller on this machine is trusted. */
  auth?: string | null
  log?: Log
  /** Names what blocks the event loop for a second or longer, on standard output, from a thread of its own. Default true. */
  watchdog?: boolean
}

export interface RunningRuntime {
  /** Such as http://127.0.0.1:8000, without a slash at its end. */
  url: string
  close(): Promise<void>
}

/** @throws ConfigurationError, StoreLocked, StoreTooNew, or what the port is refused with */
export async function createRuntime(options: RuntimeOptions): Promise<RunningRuntime> {
  const { dataFolder = '.biplane', host = '127.0.0.1', port = 0, auth = null } = options
  if (!isLoopback(host) && auth === null) {
    throw new ConfigurationError(`${host} is reachable from other machines: give auth, or bind to 127.0.0.1.`)
  }
  await mkdir(dataFolder, { recursive: true })
  const log = options.log ?? systemLog()
  const store = options.store ?? (await openSqliteStore({ folder: dataFolder, clock: systemClock }))
  const artifacts = await ArtifactFolder.open(join(dataFolder, 'artifacts'))
  const stopping = new AbortController()
  const watchdog = options.watchdog === false ? null : startWatchdog({ log })
  const watch = watchdog ?? unwatched
  const world = { clock: systemClock, ids: systemIds, random: Math.random, log, watch, ...performIn(watch) }
  const parts = { ...world, store, artifacts, owner: 'embedded' }
  const engine = new Engine(parts, catalogueOf(options.realms))
  const runtime: Runtime = {
    ...parts,
    engine,
    artifacts,
    streams: new SessionStreams(store),
    verify: auth === null ? null : await tokenVerifier(auth),
    stopping: stopping.signal,
  }
  const app = await createServer(runtime, { hosts: options.hosts ?? [], origins: options.origins ?? [] })
  const close = async () => {
    stopping.abort()
    await app.close()
    await engine.close()
    await store.close()
    await watchdog?.close()
  }
  try {
    await engine.start()
    await app.listen({ host, port })
  } catch (error) {
    await close()
    throw error
  }
  const stopKeeping = keepHouse(runtime)
  return {
    url: urlOf(app.server.address() as AddressInfo),
    async close() {
      stopKeeping()
      await close()
    },
  }
}

const urlOf = ({ address, port, family }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`

// The Runtime Plane as a library. `createRuntime` starts one in this process and answers where it listens.

import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { isLoopback } from '@biplane/protocol'
import type { Duration, Realm } from '@biplane/realm'

import { ArtifactFolder } from './artifacts/folder.ts'
import { ConfigurationError, DEFAULT_ISSUER, keepMsOf } from './config.ts'
import { catalogueOf } from './engine/catalogue.ts'
import { Engine } from './engine/engine.ts'
import { performIn } from './engine/perform.ts'
import type { Log } from './engine/ports.ts'
import { keepHouse } from './housekeeping.ts'
import type { VerifyToken } from './http/principal.ts'
import { createServer } from './http/server.ts'
import { tokenVerifier } from './http/token.ts'
import { type LimitsConfig, limitsOf } from './limits.ts'
import { type Metrics, createMetrics } from './observe/metrics.ts'
import { observedStore } from './observe/observed-store.ts'
import { type Tracing, createTracing } from './observe/tracing.ts'
import type { Runtime } from './runtime-parts.ts'
import type { Store } from './store/port.ts'
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts'
import { ExecutionRealms } from './streams/execution-realms.ts'
import { SessionStreams } from './streams/session-streams.ts'
import { TenantStreams } from './streams/tenant-streams.ts'
import { systemClock, systemIds, systemLog } from './system.ts'
import { ArtifactQuota } from './tenants/artifact-quota.ts'
import { FairShare } from './tenants/fair-share.ts'
import { OpenSessions } from './tenants/open-sessions.ts'
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
  /** A JWKS URL or the path of public keys. Without it, every caller on this machine is trusted. */
  auth?: string | null
  /** Whose tokens are taken. Default `biplane-gateway`. */
  issuer?: string
  limits?: LimitsConfig
  /** How old events get before logs are cut behind them: '30d'. Default: they are kept for ever. */
  keepEvents?: Duration
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
  const limits = limitsOf(options.limits)
  const keepMs = keepMsOf(options.keepEvents)
  const verify = auth === null ? null : await verifierFor(auth, options.issuer ?? DEFAULT_ISSUER)
  await mkdir(dataFolder, { recursive: true })
  const log = options.log ?? systemLog()
  const metrics = createMetrics()
  const tracing = createTracing()
  const ownStore = options.store ?? (await openSqliteStore({ folder: dataFolder, clock: systemClock }))
  const store = observed(ownStore, metrics, tracing)
  const artifacts = await ArtifactFolder.open(join(dataFolder, 'artifacts'))
  const stopping = new AbortController()
  const watchdog = options.watchdog === false ? null : startWatchdog({ log })
  const watch = watchdog ?? unwatched
  const performing = tracing?.performing(performIn(watch)) ?? performIn(watch)
  const world = { clock: systemClock, ids: systemIds, random: Math.random, log, watch, ...performing }
  const parts = { ...world, store, artifacts, owner: 'embedded', tenantLimits: limits.tenant }
  const engine = new Engine(parts, catalogueOf(options.realms))
  const runtime: Runtime = {
    ...parts,
    engine,
    artifacts,
    streams: new SessionStreams(store),
    tenantStreams: new TenantStreams(store),
    realms: new ExecutionRealms(store),
    metrics,
    limits,
    openSessions: new OpenSessions(store, limits.tenant.sessionsMax),
    artifactQuota: new ArtifactQuota((tenant) => artifacts.storedBy(tenant), limits.tenant.artifactBytesMax),
    serving: new FairShare(limits.server.connectionsMax),
    verify,
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
  const start = async () => {
    await engine.start()
    await app.listen({ host: oneAddress(host), port })
  }
  await start().catch((error: unknown) => closeAfter(error, close))
  const stopKeeping = keepHouse(runtime, keepMs)
  return {
    url: urlOf(app.server.address() as AddressInfo),
    async close() {
      stopKeeping()
      await close()
    },
  }
}

async function closeAfter(error: unknown, close: () => Promise<void>): Promise<never> {
  await close()
  throw error
}

/** @throws ConfigurationError */
function verifierFor(source: string, issuer: string): Promise<VerifyToken> {
  return tokenVerifier({ source, issuer, clock: systemClock }).catch((cause: unknown) => {
    throw new ConfigurationError(`BIPLANE_AUTH=${source} cannot be used: ${(cause as Error).message}`, { cause })
  })
}

const urlOf = ({ address, port, family }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`

/** The store, with those who are told of its commits. */
function observed(store: Store, metrics: Metrics, tracing: Tracing | null): Store {
  const counted = observedStore(store, metrics.observer, () => performance.now())
  return tracing?.store(counted) ?? counted
}

/** The bounds of a server are those of one address; `localhost` may be two. */
const oneAddress = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host)

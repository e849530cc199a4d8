// The runtime's configuration: a module that names the realms, and the environment for what differs between machines.

import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { isLoopback, parseHosts } from '@biplane/protocol'
import type { Duration, Realm } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'
import type * as z from 'zod'

import { type LimitsConfig, limitsOf } from './limits.ts'

export interface RuntimeConfig {
  /**
   * Modules whose default export is a realm: packages, or paths from the configuration's folder. Several versions of one realm may
   * stand side by side: the first is the current one, and an execution stays on the one it began with.
   */
  realms: readonly string[]
  /** Web origins that may call although they are another site. */
  origins?: readonly string[]
  /** What each tenant may have, and what the server takes. Default: as limits.ts says. */
  limits?: LimitsConfig
  /** How old events get before logs are cut behind them, as far as nothing needs them: '30d'. Default: they are kept for ever. */
  keepEvents?: Duration
}

/** Types the configuration. */
export const defineRuntime = (config: RuntimeConfig): RuntimeConfig => config

export interface Environment {
  configPath: string
  dataFolder: string
  host: string
  port: number
  hosts: readonly string[]
  /** A JWKS URL or the path of public keys; null is open loopback. */
  auth: string | null
  /** Whose tokens are taken. */
  issuer: string
  logLevel: string
}

/** What a person must mend before the runtime can start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

const DEFAULT_PORT = 8000
export const DEFAULT_ISSUER = 'biplane-gateway'

export const configPathOf = (env: NodeJS.ProcessEnv): string => resolve(env['BIPLANE_CONFIG'] ?? 'runtime.config.ts')

export const dataFolderOf = (env: NodeJS.ProcessEnv): string => resolve(env['BIPLANE_DATA'] ?? '.biplane')

/** @throws ConfigurationError */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const host = env['RUNTIME_HOST'] ?? '127.0.0.1'
  const auth = env['BIPLANE_AUTH'] || null
  if (!isLoopback(host) && auth === null) {
    throw new ConfigurationError(
      `RUNTIME_HOST=${host} is reachable from other machines, so callers must prove who they are. ` +
        `Set BIPLANE_AUTH to a JWKS URL or the path of a file with public keys, or bind to 127.0.0.1.`,
    )
  }
  const port = Number(env['RUNTIME_PORT'] ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigurationError(`RUNTIME_PORT=${env['RUNTIME_PORT']} is not a port. Use 0 for any free one.`)
  }
  return {
    configPath: configPathOf(env),
    dataFolder: dataFolderOf(env),
    host,
    port,
    hosts: parseHosts(env['BIPLANE_HOSTS'] ?? ''),
    auth,
    issuer: env['BIPLANE_ISSUER'] || DEFAULT_ISSUER,
    logLevel: env['BIPLANE_LOG'] ?? 'info',
  }
}

/** @throws ConfigurationError if the module cannot be loaded, has no such default export, or bounds what cannot be bounded */
export async function loadConfig(path: string): Promise<RuntimeConfig> {
  const config = await importDefault(pathToFileURL(path).href, `the configuration ${path}`)
  if (!Array.isArray((config as RuntimeConfig | undefined)?.realms)) {
    throw new ConfigurationError(`${path} must export default defineRuntime({ realms: [...] }).`)
  }
  refuseLimits(path, config as RuntimeConfig)
  refuseKeep(path, config as RuntimeConfig)
  return config as RuntimeConfig
}

/** @throws ConfigurationError: a limit that is misspelt would bound nothing */
function refuseLimits(path: string, { limits }: RuntimeConfig): void {
  try {
    limitsOf(limits)
  } catch (cause) {
    const [issue] = (cause as z.ZodError).issues
    const where = ['limits', ...(issue?.path ?? [])].join('.')
    throw new ConfigurationError(`${path}: ${where} cannot be used: ${issue?.message}`, { cause })
  }
}

/** @throws ConfigurationError */
function refuseKeep(path: string, { keepEvents }: RuntimeConfig): void {
  try {
    keepMsOf(keepEvents)
  } catch (cause) {
    throw new ConfigurationError(`${path}: keepEvents cannot be used: ${(cause as Error).message}`, { cause })
  }
}

const KEEP_MS_MIN = 1_000

/** Null if events are kept for ever. @throws Error */
export function keepMsOf(keepEvents: Duration | undefined): number | null {
  if (keepEvents === undefined) return null
  const ms = toMs(keepEvents)
  if (ms < KEEP_MS_MIN) throw new Error('Events are kept for a second or longer.')
  return ms
}

/**
 * Loads the realms that a configuration names, in its order: of several versions of one, the first is the current one.
 * @throws ConfigurationError naming the one that cannot be loaded, or that is there twice
 */
export async function loadRealms(config: RuntimeConfig, path: string): Promise<Realm[]> {
  const { resolve: find } = createRequire(path)
  const load = async (specifier: string): Promise<Realm> => {
    let file: string
    try {
      file = find(specifier)
    } catch (cause) {
      const advice = specifier.startsWith('.') ? 'Paths begin at its folder.' : `Install it: npm install ${specifier}`
      throw new ConfigurationError(`${path} names the realm ${specifier}, which cannot be found. ${advice}`, { cause })
    }
    const realm = (await importDefault(pathToFileURL(file).href, `the realm ${specifier}`)) as Realm | undefined
    if (!Array.isArray(realm?.capabilities)) {
      throw new ConfigurationError(`The default export of ${specifier} must be a realm made by defineRealm.`)
    }
    return realm
  }
  const realms = await Promise.all(config.realms.map(load))
  refuseTwins(realms, config.realms)
  return realms
}

/** @throws ConfigurationError: an execution that began with a version must find one module of it */
function refuseTwins(realms: readonly Realm[], specifiers: readonly string[]): void {
  realms.forEach(({ name, version }, index) => {
    const first = realms.findIndex((realm) => realm.name === name && realm.version === version)
    if (first === index) return
    throw new ConfigurationError(
      `${specifiers[first]} and ${specifiers[index]} are both version ${version} of the realm ${name}. ` +
        'Give the newer one another version, and name it first.',
    )
  })
}

async function importDefault(url: string, what: string): Promise<unknown> {
  try {
    return ((await import(url)) as { default?: unknown }).default
  } catch (cause) {
    throw new ConfigurationError(`Could not load ${what}: ${(cause as Error).message}`, { cause })
  }
}

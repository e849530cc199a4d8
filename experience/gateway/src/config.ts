// What an experience is made of: experience.config.ts says it, the environment overrides it, and flags choose for one process.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { parseHosts } from '@biplane/protocol'

import type { IdentityOptions } from './identity/create-identity.ts'
import { ConfigurationError } from './kit/configuration-error.ts'
import type { Surface } from './kit/kit.ts'
import type { RateConfig } from './kit/rate-limit.ts'
import type { ServerLimits } from './kit/server-limits.ts'
import { LOG_LEVELS, type LogLevel } from './kit/server.ts'
import { type SignInConfig, type SignInOptions, resolveSignIn } from './sign-in/sign-in-config.ts'

export type SurfaceName = 'rest' | 'websocket' | 'mcp'

export interface ExperienceConfig {
  /** Adapters of this package by name, or one's own. */
  surfaces: readonly (SurfaceName | Surface)[]
  /** Default `http://127.0.0.1:8000`. */
  runtimeUrl?: string
  /** Default `127.0.0.1`. */
  host?: string
  /** Default 8100; 0: any free one. */
  port?: number
  /** The environment variable that says the port. Default `GATEWAY_PORT`; another process on the same machine has its own. */
  portVariable?: string
  /** Host names that are served beside the loopback's. */
  hosts?: readonly string[]
  /** Web origins that may call from their own pages, such as `https://app.example.com`. */
  origins?: readonly string[]
  /** How people sign in, if they do. */
  signIn?: SignInConfig
  /** How often callers may call. */
  rate?: RateConfig
  /** What its server takes from a connection, where that is not the usual. */
  server?: Partial<ServerLimits>
  /** Where uploads that are not whole yet are kept: this gateway's own. Default `.biplane/uploads`. */
  uploadsFolder?: string
  /** Default `warn`; `info` has a line for each request. */
  logLevel?: LogLevel
}

export interface ExperienceOptions extends Omit<ExperienceConfig, 'signIn'>, IdentityOptions {
  /** The runtime's address, without a base path. */
  runtimeUrl: string
  signIn?: SignInOptions | undefined
}

export const defineExperience = (config: ExperienceConfig): ExperienceConfig => config

const CONFIG_FILE = 'experience.config.ts'
const DEFAULT_PORT_VARIABLE = 'GATEWAY_PORT'
const DEFAULT_RUNTIME_URL = 'http://127.0.0.1:8000'

/** Reads `file`, or experience.config.ts in this folder if there is one. @throws ConfigurationError */
export async function loadConfig(file: string | undefined): Promise<ExperienceConfig> {
  const path = resolve(file ?? CONFIG_FILE)
  if (file === undefined && !existsSync(path)) return { surfaces: ['rest', 'websocket', 'mcp'] }
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new ConfigurationError(`Could not load the configuration ${path}: ${String(cause)}`, { cause })
  })
  const { default: config } = loaded as { default?: ExperienceConfig }
  if (Array.isArray(config?.surfaces)) return config
  throw new ConfigurationError(`${path} must export default defineExperience({ surfaces: [...] }).`)
}

/** `only`: names of the surfaces that this process is to have. @throws ConfigurationError */
export function resolveOptions(
  config: ExperienceConfig,
  env: Record<string, string | undefined>,
  only: readonly string[] | null,
): ExperienceOptions {
  const host = env['GATEWAY_HOST'] ?? config.host
  const { portVariable = DEFAULT_PORT_VARIABLE } = config
  const named = env[portVariable]
  const port = named === undefined ? config.port : portFrom(named, portVariable)
  const logLevel = env['BIPLANE_LOG'] ?? config.logLevel
  return {
    ...config,
    portVariable,
    surfaces: only === null ? config.surfaces : chosen(config.surfaces, only),
    runtimeUrl: env['RUNTIME_URL'] ?? config.runtimeUrl ?? DEFAULT_RUNTIME_URL,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    hosts: [...(config.hosts ?? []), ...parseHosts(env['BIPLANE_HOSTS'] ?? '')],
    origins: [...(config.origins ?? []), ...originsFrom(env['BIPLANE_ORIGINS'] ?? '')],
    signIn: resolveSignIn(config.signIn, env),
    auth: env['BIPLANE_AUTH'] || undefined,
    authIssuer: env['BIPLANE_AUTH_ISSUER'] || undefined,
    keys: env['BIPLANE_KEYS'] || undefined,
    serviceKey: env['BIPLANE_SERVICE_KEY'] || undefined,
    issuer: env['BIPLANE_ISSUER'] || undefined,
    ...(env['BIPLANE_UPLOADS'] ? { uploadsFolder: env['BIPLANE_UPLOADS'] } : {}),
    ...(logLevel === undefined ? {} : { logLevel: levelFrom(logLevel) }),
  }
}

function chosen(surfaces: ExperienceConfig['surfaces'], only: readonly string[]) {
  const nameOf = (surface: SurfaceName | Surface) => (typeof surface === 'string' ? surface : surface.name)
  const unknown = only.find((name) => !surfaces.some((surface) => nameOf(surface) === name))
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `--only ${unknown}: the configuration has ${surfaces.map(nameOf).join(', ') || 'no surface'}.`,
    )
  }
  return surfaces.filter((surface) => only.includes(nameOf(surface)))
}

function originsFrom(text: string): string[] {
  const origins = text.split(',').map((origin) => origin.trim())
  return origins
    .filter((origin) => origin !== '')
    .map((origin) => {
      if (URL.parse(origin)?.origin === origin) return origin
      throw new ConfigurationError(`BIPLANE_ORIGINS: ${origin} is no origin. Write it like https://app.example.com.`)
    })
}

function portFrom(text: string, variable: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new ConfigurationError(`${variable}=${text} is not a port. Use 0 for a free one, or 1 to 65535.`)
}

function levelFrom(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level !== undefined) return level
  throw new ConfigurationError(`BIPLANE_LOG=${text} is not a level. Use one of ${LOG_LEVELS.join(', ')}.`)
}

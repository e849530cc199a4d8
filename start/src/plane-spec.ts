// What the supervisor knows of a plane: how to start it, and the contract between the two (start/README.md). It reads neither
// plane's configuration and imports nothing of theirs.

import { fileURLToPath } from 'node:url'

export interface PlaneSpec {
  /** As people read it: `runtime`. Names the log file too. */
  name: string
  /** The program: arguments for this very Node. */
  command: readonly string[]
  /** The environment variable of its port, so that a restart can keep the address. */
  portVariable: string
  /** Answers 200 when it can do its work. */
  readyPath: string
}

/** A plane that ends with this code has said why on stderr, and starting it again cannot help: configuration, port, data folder. */
export const EXIT_CANNOT_RUN = 2

/** What a plane tells its supervisor over the channel, once it listens. `url` is an address by which this machine reaches it. */
export interface Listening {
  type: 'listening'
  url: string
}

export function isListening(message: unknown): message is Listening {
  if (typeof message !== 'object' || message === null) return false
  const { type, url } = message as Partial<Record<keyof Listening, unknown>>
  return type === 'listening' && typeof url === 'string' && URL.canParse(url)
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const RUNTIME: PlaneSpec = {
  name: 'runtime',
  command: [`${ROOT}runtime/src/main.ts`],
  portVariable: 'RUNTIME_PORT',
  readyPath: '/ready',
}

export const EXPERIENCE: PlaneSpec = {
  name: 'experience',
  command: [`${ROOT}experience/gateway/src/main.ts`],
  portVariable: 'GATEWAY_PORT',
  readyPath: '/health',
}

/** The operators' own way in: the same program with a configuration of its own, and nothing of the users' process in it. */
export const CONSOLE: PlaneSpec = {
  name: 'console',
  command: [`${ROOT}experience/gateway/src/main.ts`, '--config', `${ROOT}console.config.ts`],
  portVariable: 'CONSOLE_PORT',
  readyPath: '/health',
}

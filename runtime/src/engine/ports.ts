// What the engine needs of the world. Everything that is not deterministic is handed in, so that a simulator can run the same
// engine on a clock and chance of its own.

import type { ArtifactId, IdSource, TenantId } from '@biplane/protocol'
import type { Artifacts } from '@biplane/realm'

import type { Store } from '../store/port.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once, `ms` from now; the answer cancels it. */
  after(ms: number, task: () => void): () => void
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface ArtifactsByTenant {
  /** The artifacts of one tenant as a realm sees them. Aborting `signal` ends what is under way. */
  of(tenant: TenantId, signal?: AbortSignal): Artifacts
  has(tenant: TenantId, artifact: ArtifactId): Promise<boolean>
}

export interface EngineParts {
  store: Store
  clock: Clock
  ids: IdSource
  /** From 0 up to 1: jitter of retries. */
  random(): number
  artifacts: ArtifactsByTenant
  log: Log
  /** This process, as leases name it. */
  owner: string
}

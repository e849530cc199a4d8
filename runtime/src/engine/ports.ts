// What the engine needs of the world. Everything that is not deterministic is handed in, so that a simulator can run the same
// engine on a clock and chance of its own.

import type { ArtifactId, ExecutionId, IdSource, TenantId } from '@biplane/protocol'
import type { Artifacts, StepContext, Undo } from '@biplane/realm'
import type { StepAsk, UndoableAsk } from '@biplane/realm/port'

import type { TenantLimits } from '../limits.ts'
import type { Store } from '../store/port.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once, `ms` from now; the answer cancels it. */
  after(ms: number, task: () => void): () => void
  /** True if it cannot be set forward: then it is enough to wait, and nobody looks in between. */
  readonly steady?: boolean
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

/** Is told when code of a realm is entered and left, so that it can be named if it blocks the process. */
export interface Watch {
  enter(what: string): void
  leave(): void
}

export interface EngineParts {
  store: Store
  clock: Clock
  ids: IdSource
  /** From 0 up to 1: jitter of retries. */
  random(): number
  artifacts: ArtifactsByTenant
  log: Log
  /** Runs a step's body. */
  perform(ask: StepAsk, context: StepContext, about: { execution_id: ExecutionId; intent_type: string }): unknown
  /** Runs what takes a step or a call back. Default: as it is. */
  performUndo?(
    ask: UndoableAsk,
    undo: Undo<unknown>,
    about: { execution_id: ExecutionId; intent_type: string },
  ): unknown
  watch: Watch
  /** This process, as leases name it. */
  owner: string
  /** What a tenant may have. Default: as limits.ts says. */
  tenantLimits?: Pick<TenantLimits, 'executionsMax' | 'submissionsPerSecondMax'>
  /** Executions in memory at once, of one tenant that is alone. Default: as limits.ts says. */
  liveExecutionsMax?: number
}

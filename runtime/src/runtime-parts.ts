// What the routes of a running runtime share.

import type { ArtifactFolder } from './artifacts/folder.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineParts } from './engine/ports.ts'
import type { VerifyToken } from './http/principal.ts'
import type { RuntimeLimits } from './limits.ts'
import type { Metrics } from './observe/metrics.ts'
import type { ExecutionRealms } from './streams/execution-realms.ts'
import type { SessionStreams } from './streams/session-streams.ts'
import type { TenantStreams } from './streams/tenant-streams.ts'
import type { ArtifactQuota } from './tenants/artifact-quota.ts'
import type { FairShare } from './tenants/fair-share.ts'
import type { OpenSessions } from './tenants/open-sessions.ts'

export interface Runtime extends EngineParts {
  engine: Engine
  streams: SessionStreams
  tenantStreams: TenantStreams
  realms: ExecutionRealms
  artifacts: ArtifactFolder
  metrics: Metrics
  limits: RuntimeLimits
  openSessions: OpenSessions
  artifactQuota: ArtifactQuota
  /** Requests and sockets that are open, so that no tenant takes them all. */
  serving: FairShare
  /** Null on open loopback. */
  verify: VerifyToken | null
  /** Aborts when the runtime stops: what is kept open ends. */
  stopping: AbortSignal
}

// What the routes of a running runtime share.

import type { ArtifactFolder } from './artifacts/folder.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineParts } from './engine/ports.ts'
import type { VerifyToken } from './http/principal.ts'
import type { SessionStreams } from './streams/session-streams.ts'

export interface Runtime extends EngineParts {
  engine: Engine
  streams: SessionStreams
  artifacts: ArtifactFolder
  /** Null on open loopback. */
  verify: VerifyToken | null
  /** Aborts when the runtime stops: what is kept open ends. */
  stopping: AbortSignal
}

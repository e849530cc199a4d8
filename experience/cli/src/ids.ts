// Ids as arguments: what cannot be one is told before anything is asked.

import { ArtifactId, ExecutionId, SessionId } from '@biplane/protocol'
import { InvalidArgumentError } from 'commander'

/** @throws InvalidArgumentError */
export function parseExecution(text: string): string {
  if (ExecutionId.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be the id of an execution: exe_… (see: npx biplane executions)')
}

/** @throws InvalidArgumentError */
export function parseSession(text: string): string {
  if (SessionId.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be the id of a session: ses_… (see: npx biplane sessions)')
}

/** @throws InvalidArgumentError */
export function parseArtifact(text: string): string {
  if (ArtifactId.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be the id of an artifact: art_ and 64 hexadecimal digits.')
}

/** @throws InvalidArgumentError */
export function parseSessionOrExecution(text: string): string {
  if (SessionId.safeParse(text).success || ExecutionId.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be the id of a session (ses_…) or of an execution (exe_…).')
}

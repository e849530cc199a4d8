// What the author of a realm imports.

export { artifact, ArtifactRef } from '@biplane/protocol'
export type { Progress } from '@biplane/protocol'
export type * from './context.ts'
export * from './define.ts'
export { Cancelled, PauseError, RetryableError, StateConflict, StepFailed, TerminalError } from './error.ts'

// What the author of a realm imports.

export { artifact, ArtifactRef } from '@biplane/protocol'
export type { Progress } from '@biplane/protocol'
export type * from './context.ts'
export * from './define.ts'
export type { Limit, Limited } from './limit.ts'
export {
  ApprovalRefused,
  Cancelled,
  ChildFailed,
  PauseError,
  RetryableError,
  StateConflict,
  StepFailed,
  TerminalError,
  WaitExpired,
} from './error.ts'

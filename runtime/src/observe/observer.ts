// Who is told what was committed. Metrics and traces are made from the same entries that readers follow, so the engine knows of
// neither, and neither can tell of something that is not in the log.

import type { AcceptIntent, ExecutionRow, RecordExecution } from '../store/port.ts'

export interface Observer {
  /** Rows that a read brought up: executions of the process before are known by them. */
  seen(rows: readonly ExecutionRow[]): void
  accepted(command: AcceptIntent): void
  recorded(command: RecordExecution): void
  /** How long a command of the store took, in seconds, durable commit included. */
  took(command: string, seconds: number, failed: boolean): void
}

// What clients saw: the only other thing, beside the logs, that the checkers believe.

import type { ExecutionId, SessionId, Status, TenantId } from '@biplane/protocol'
import type { Entry } from '@biplane/runtime/store-port'

import type { Asked } from './program.ts'

export interface SubmitSeen {
  tenant: TenantId
  session: SessionId
  key: string
  asked: Asked
  /** Null if nobody told. */
  told: { execution: ExecutionId } | { refused: string } | null
}

export interface StatusSeen {
  execution: ExecutionId
  status: Status
}

/** The log as one reader saw it, piece by piece, over crashes of the process. */
export interface Reading {
  session: SessionId
  /** Where it began: it had seen the entries up to here before. */
  from: number
  entries: Entry[]
}

export interface SessionSeen {
  tenant: TenantId
  key: string
  session: SessionId
}

export class Observed {
  readonly sessions: SessionSeen[] = []
  readonly submits: SubmitSeen[] = []
  readonly statuses: StatusSeen[] = []
  readonly readings: Reading[] = []
  /** Signals that a client was told are recorded. */
  readonly signals: { execution: ExecutionId; signal_id: string }[] = []
  /** Executions that an operator ended as they were. */
  readonly settled = new Set<ExecutionId>()
}

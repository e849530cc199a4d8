// What clients saw: the only other thing, beside the logs, that the checkers believe.

import type { ExecutionId, SessionId, Status, TenantId } from '@biplane/protocol'

import type { AgainAsk } from './front.ts'
import type { Asked } from './program.ts'

/** What a request was answered that made something, or was refused. */
export type Told = { execution: ExecutionId } | { refused: string }

export interface SubmitSeen {
  tenant: TenantId
  session: SessionId
  key: string
  asked: Asked
  told: Told
}

export interface AgainSeen extends AgainAsk {
  tenant: TenantId
  told: Told
}

export interface SettleSeen {
  execution: ExecutionId
  /** Null: the execution was to end as it is. */
  step: number | null
  /** It was answered, and not refused. */
  done: boolean
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
  /** As JSON texts. */
  events: string[]
  next: number
  /** It was told that nothing follows. */
  closed: boolean
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
  readonly again: AgainSeen[] = []
  readonly settles: SettleSeen[] = []
  /** Sessions that somebody was told are closing. */
  readonly closings = new Set<SessionId>()
}

// Which execution a handler runs as.

import type { Progress } from '@biplane/protocol'
import type { Identity } from '@biplane/realm/run'

import type { ExecutionRow } from '../store/port.ts'
import type { History } from './history.ts'

export const identityOf = (row: ExecutionRow, history: History, progress: (progress: Progress) => void): Identity => ({
  tenantId: row.tenant_id,
  sessionId: row.session_id,
  intentId: row.intent_id,
  executionId: row.execution_id,
  intentType: row.intent_type,
  // Before a fork, chance is that of the execution that it is of.
  seedOf: (seq) => history.forks.find(({ through_seq }) => seq <= through_seq)?.execution_id ?? row.execution_id,
  acceptedSeq: history.accepted.seq,
  acceptedMs: history.accepted.time_ms,
  replay: history.replay,
  progress,
})

// The commands that the writer carries out, by the name under which they are sent to it.

import { acceptIntent } from './accept-intent.ts'
import { claimShards } from './claim-shards.ts'
import { closeSession } from './close-session.ts'
import { createSession } from './create-session.ts'
import { cutLog } from './cut-log.ts'
import { recordExecution } from './record-execution.ts'
import { releaseShards } from './release-shards.ts'
import { sweepKeys } from './sweep-keys.ts'

export const WRITES = {
  acceptIntent,
  claimShards,
  closeSession,
  createSession,
  cutLog,
  recordExecution,
  releaseShards,
  sweepKeys,
}

type Writes = typeof WRITES
export type WriteVerb = keyof Writes
export type CommandOf<V extends WriteVerb> = Parameters<Writes[V]>[1]
export type ResultOf<V extends WriteVerb> = ReturnType<Writes[V]>

/** `chars`: of the entries in the command. */
export type WriteRequest = { [V in WriteVerb]: { verb: V; command: CommandOf<V>; chars: number } }[WriteVerb]

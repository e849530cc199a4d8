import type { FinalStatus, Status } from '@biplane/protocol'

const FINAL: Record<FinalStatus, true> = { completed: true, failed: true, cancelled: true, superseded: true }

/** As the protocol's, held to it by its type: a thread of a store need not load schemas, which would double its start. */
export const isFinal = (status: Status): status is FinalStatus => status in FINAL

// Sessions are spread over a fixed number of shards; a shard's owner alone appends to the logs of its sessions.

import type { SessionId } from '@biplane/protocol'

import { SHARDS } from './port.ts'

/** FNV-1a over the id. Fixed for ever: stored sessions stay where they are. */
export function shardOf(session: SessionId): number {
  let value = 0x811c9dc5
  for (let i = 0; i < session.length; i++) value = Math.imul(value ^ session.charCodeAt(i), 0x01000193)
  return (value >>> 0) % SHARDS
}

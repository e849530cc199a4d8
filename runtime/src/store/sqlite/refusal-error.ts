// What a refused command is rejected with.

import { Fenced, StorageFull, StoreBusy } from '../error.ts'
import type { WriteAnswer } from './group-commit.ts'
import type { WriteRequest } from './writes.ts'

export function refusalError(
  { verb, command }: WriteRequest,
  { refused, message }: Extract<WriteAnswer, { refused: string }>,
): Error {
  if (refused === 'full') return new StorageFull(message)
  if (refused === 'busy') return new StoreBusy(message)
  if (refused === 'fenced' && 'lease' in command) return new Fenced(command.lease.shard)
  return new Error(`${verb} failed: ${message}`)
}

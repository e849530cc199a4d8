import type { Fifo } from './fifo.ts'
import { GROUP_CHARS_MAX, GROUP_COMMANDS_MAX } from './limits.ts'
import type { WriteRequest } from './writes.ts'

/**
 * The next commands for one commit, in the order they came; empty if nothing waits. A cut is alone: it works through the index, which
 * does not have what its own transaction has appended.
 */
export function takeGroup(queue: Fifo<WriteRequest>): WriteRequest[] {
  const group: WriteRequest[] = []
  let chars = 0
  while (group.length < GROUP_COMMANDS_MAX && chars < GROUP_CHARS_MAX) {
    if (group.length > 0 && isCut(queue.first)) break
    const request = queue.shift()
    if (!request) break
    chars += request.chars
    group.push(request)
    if (isCut(request)) break
  }
  return group
}

const isCut = (request: WriteRequest | undefined): boolean => request?.verb === 'cutLog'

import type { Fifo } from './fifo.ts'
import { GROUP_CHARS_MAX, GROUP_COMMANDS_MAX } from './limits.ts'
import type { WriteRequest } from './writes.ts'

/** The next commands for one commit, in the order they came; empty if nothing waits. */
export function takeGroup(queue: Fifo<WriteRequest>): WriteRequest[] {
  const group: WriteRequest[] = []
  let chars = 0
  while (group.length < GROUP_COMMANDS_MAX && chars < GROUP_CHARS_MAX) {
    const request = queue.shift()
    if (!request) break
    chars += request.chars
    group.push(request)
  }
  return group
}

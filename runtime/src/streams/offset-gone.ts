import { ProblemError, offsetOf } from '@biplane/protocol'

/** `earliest`: the first place behind which everything is still there. */
export function offsetGone(earliest: number): ProblemError {
  const earliest_offset = offsetOf(earliest)
  return new ProblemError('offset_gone', `Events up to ${earliest_offset} are not kept any more.`, { earliest_offset })
}

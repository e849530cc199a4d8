import { ProblemError, parseOffset } from '@biplane/protocol'

import type { Head } from './stream.ts'

/** The place that an offset names. @throws ProblemError offset_invalid if no stream gave it, or it lies beyond the end of this one */
export async function placeOf(headOf: () => Promise<Head>, offset: string): Promise<number> {
  const place = parseOffset(offset)
  if (place === null) throw new ProblemError('offset_invalid')
  if (place === 0) return place
  const { last } = await headOf()
  if (place === 'now') return last
  // Whoever waited there would miss what fills the log up to it.
  if (place > last) throw new ProblemError('offset_invalid', 'The offset lies beyond the end of the stream.')
  return place
}

import { ProblemError, type ReadStream } from '@biplane/protocol'
import type { FastifyRequest } from 'fastify'

import { placeOf } from '../place-of.ts'
import type { Stream } from '../stream.ts'

/**
 * The place that a request reads behind. A browser's own EventSource keeps its address and says by Last-Event-ID where it was.
 * @throws ProblemError offset_invalid
 */
export async function placeAsked(
  { head }: Pick<Stream, 'head'>,
  { offset, live }: ReadStream,
  { headers }: FastifyRequest,
): Promise<number> {
  const resumed = headers['last-event-id']
  const asked = typeof resumed === 'string' && resumed !== '' ? resumed : offset
  if (asked !== undefined) return placeOf(head, asked)
  if (live === undefined) return 0
  throw new ProblemError('offset_invalid', `With live=${live} there must be an offset.`)
}

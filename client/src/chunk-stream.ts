// What an execution says piece by piece, such as an agent's answer, from wherever a reader joins: first all that was said so far, then
// each piece as it comes.

import type { Event } from '@biplane/protocol'

import { type StreamSoFar, foldStreams, isOfStream } from './fold-streams.ts'
import type { FollowedBatch } from './follow.ts'

export interface StreamPart extends StreamSoFar {
  /**
   * The first of `chunks` that is not as it was in the part before, and there to be shown anew; 0 of the first part, and of one that says
   * everything again.
   */
  readonly from: number
}

const ENDINGS = ['execution.completed', 'execution.failed', 'execution.cancelled', 'execution.superseded']

/** Ends with the execution. `name`: of one stream; all of them without. */
export async function* chunkStream(
  batches: AsyncIterable<FollowedBatch>,
  executionId: string,
  name: string | undefined,
): AsyncGenerator<StreamPart, void, undefined> {
  let streams: readonly StreamSoFar[] = []
  /** By place among the streams: the first chunk that was not given yet. */
  const changed = new Map<number, number>()
  let isJoined = false
  for await (const { events, upToDate } of batches) {
    const own = events.map(({ event }) => event).filter((event) => isOf(event, executionId))
    for (const event of own) {
      if (event.kind !== 'stream' || (name !== undefined && event.data.stream !== name)) continue
      const { data } = event
      streams = foldStreams(streams, data)
      const at = streams.findIndex((stream) => isOfStream(stream, data))
      changed.set(at, Math.min(changed.get(at) ?? Infinity, data.index))
    }
    const hasEnded = own.some(({ type }) => ENDINGS.includes(type))
    isJoined ||= upToDate || hasEnded
    if (!isJoined) continue
    for (const [at, stream] of streams.entries()) {
      const from = changed.get(at)
      if (from !== undefined) yield { ...stream, from }
    }
    changed.clear()
    if (hasEnded) return
  }
}

const isOf = (event: Event, executionId: string): boolean =>
  'execution_id' in event && event.execution_id === executionId

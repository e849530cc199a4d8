// Streams of an execution, as far as they have come (docs/protocol.md §6).

import type { EventOf } from '@biplane/protocol'

import { isSameCall } from './fold-step.ts'

type Chunk = EventOf<'stream'>['data']['chunks'][number]

export interface StreamSoFar {
  /** The name of the stream. */
  readonly stream: string
  /** The call that speaks: a step's, or the handler's own. */
  readonly ordinal: number
  readonly name: string
  readonly key?: string
  readonly chunks: readonly Chunk[]
}

/** What is said from `index` on stands in place of whatever was there: a step that is tried again says it again. */
export function foldStreams(streams: readonly StreamSoFar[], { data }: EventOf<'stream'>): StreamSoFar[] {
  const { stream, ordinal, name, key, index, chunks } = data
  const at = streams.findIndex((each) => each.stream === stream && isSameCall(each, data))
  const said = streams[at]?.chunks.slice(0, index) ?? []
  const after = { stream, ordinal, name, ...(key === undefined ? {} : { key }), chunks: [...said, ...chunks] }
  return at === -1 ? [...streams, after] : streams.with(at, after)
}

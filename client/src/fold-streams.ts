// Streams of an execution, as far as they have come (docs/protocol.md §6).

import type { EventOf } from '@biplane/protocol'

import { isSameCall } from './fold-step.ts'

type Data = EventOf<'stream'>['data']

export interface StreamSoFar {
  /** The name of the stream. */
  readonly stream: string
  /** The step that speaks; absent if the handler itself does. */
  readonly step?: { readonly ordinal: number; readonly name: string; readonly key?: string }
  readonly chunks: readonly Data['chunks'][number][]
}

/** What is said from `index` on stands in place of whatever was there: a step that is tried again says it again. */
export function foldStreams(streams: readonly StreamSoFar[], data: Data): readonly StreamSoFar[] {
  const at = streams.findIndex((stream) => isOfStream(stream, data))
  const { stream, index, chunks } = data
  const said = streams[at]?.chunks.slice(0, index) ?? []
  const after = { ...(streams[at] ?? { stream, ...speakerOf(data) }), chunks: [...said, ...chunks] }
  return at === -1 ? [...streams, after] : streams.with(at, after)
}

export const isOfStream = ({ stream, step }: StreamSoFar, data: Data): boolean =>
  stream === data.stream && (step === undefined ? isOfHandler(data) : !isOfHandler(data) && isSameCall(step, data))

/** Each thing that a handler says is a call of its own; only what a step says has an attempt. */
const isOfHandler = ({ attempt }: Data): boolean => attempt === undefined

function speakerOf(data: Data): Pick<StreamSoFar, 'step'> {
  if (isOfHandler(data)) return {}
  const { ordinal, name, key } = data
  return { step: { ordinal, name, ...(key === undefined ? {} : { key }) } }
}

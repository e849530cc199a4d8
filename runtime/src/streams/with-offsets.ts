import { offsetOf } from '@biplane/protocol'

import type { EventStream } from './gather.ts'
import type { Stream } from './stream.ts'

/** Each event beside the offset behind it: who filters a log, or reads a tenant's, cannot know it from the event. */
export const withOffsets = (stream: EventStream): Stream => ({
  ...stream,
  id: `${stream.id}.offsets`,
  async read(after) {
    const { messages, places, ...part } = await stream.read(after)
    const beside = (event: string, i: number) => `{"offset":"${offsetOf(places[i] as number)}","event":${event}}`
    return { ...part, messages: messages.map(beside) }
  },
})

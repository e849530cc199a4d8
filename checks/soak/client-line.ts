// As an application follows: by @biplane/client, which comes back by itself.

import { createClient } from '@biplane/client'

import type { Line } from './subscriber.ts'

export const clientLine = (gateway: string, live: 'sse' | 'long-poll'): Line => {
  const client = createClient({ url: `${gateway}/v1`, tenantId: 'soak' })
  return async (places, take, _manner, signal) => {
    const { sessionId, offset: from } = places[0]!
    try {
      for await (const { event, offset } of client.follow(sessionId, { offset: from, live, signal })) {
        take(places[0]!, [event], offset)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

// Answers that never end by themselves. When the runtime breaks one off, or the gateway stops, it ends as a whole answer does,
// so that the reader comes back with its offset instead of seeing an error.

import { PassThrough, type Readable } from 'node:stream'

import type { FastifyBaseLogger } from 'fastify'

export interface LiveStreams {
  endingWhole(source: Readable): Readable
}

export function createLiveStreams(stopping: AbortSignal, log: FastifyBaseLogger): LiveStreams {
  const open = new Set<Readable>()
  stopping.addEventListener('abort', () => open.forEach((source) => source.destroy()))
  return {
    endingWhole(source) {
      const passed = new PassThrough()
      open.add(source)
      source.on('error', (error) => log.info({ reason: String(error) }, 'a stream of the runtime broke off'))
      source.on('close', () => {
        open.delete(source)
        passed.end()
      })
      passed.on('close', () => source.destroy())
      return source.pipe(passed)
    },
  }
}

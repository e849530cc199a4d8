// One stream at an address of its own, read as the runtime has its streams read.

import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'

import { ProblemError, ReadStream, parsedOr } from '@biplane/protocol'
import { fastify } from 'fastify'

import { systemClock } from '../../system.ts'
import { answerStream } from '../http/answer-stream.ts'
import { PACE, type Pace } from '../http/reading.ts'
import type { Stream } from '../stream.ts'

export interface Served extends AsyncDisposable {
  url: string
  /** Ends what is kept open, as a runtime that stops does. */
  stop(): void
  /** Connections that there are. */
  connections(): Promise<number>
}

export async function serveStream<M>(stream: Stream<M>, pace: Partial<Pace> = {}): Promise<Served> {
  const app = fastify({ forceCloseConnections: true })
  const stopping = new AbortController()
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof ProblemError ? error.status : 500).send(String(error)),
  )
  app.get('/', async (request, reply) => {
    const query = parsedOr(ReadStream, request.query, 'query_invalid', 'query')
    const world = { clock: systemClock, random: () => 0, stopping: stopping.signal, msLeft: Infinity }
    return answerStream(stream, query, { request, reply, ...world, pace: { ...PACE, ...pace } })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`,
    stop: () => stopping.abort(),
    connections: () => promisify(app.server.getConnections.bind(app.server))(),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await app.close()
    },
  }
}

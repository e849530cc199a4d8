// What a socket may do before and beside its requests: send what is not HTTP, send many requests at once, go on sending a body
// that was refused. Each ends with an answer where one can be given, and then without the socket.

import { type IncomingMessage, STATUS_CODES, type Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '../engine/ports.ts'

interface UnderWay {
  /** Requests that are not answered yet. */
  count: number
  /** The last of them. */
  request: IncomingMessage
  /** It is closed when they are answered. */
  isClosing: boolean
}

const underWay = new WeakMap<Duplex, UnderWay>()
/** What a socket is listened to for beside its requests. */
const OTHER_LISTENERS = 10

/** Counts each request of a server until it is answered, from the moment it is read. A socket that has too many is closed. */
export function countUnderWay(server: Server, max: number): void {
  server.prependListener('request', (request, answer) => {
    const { socket } = request
    const of = underWay.get(socket) ?? { count: 0, request, isClosing: false }
    if (of.count >= max) socket.destroy()
    // A request that waits listens for the end of its socket.
    if (of.count === 1) socket.setMaxListeners(max + OTHER_LISTENERS)
    underWay.set(socket, Object.assign(of, { count: of.count + 1, request }))
    answer.once('close', () => {
      of.count--
      if (of.count === 0 && of.isClosing) socket.destroy()
    })
  })
}

/** What was refused may still be coming. It is read and dropped for a while, so that the answer is seen, and no longer. */
export function dropTheRest({ raw }: FastifyRequest, { raw: answer }: FastifyReply, clock: Clock, ms: number): void {
  if (raw.complete) return
  answer.once('finish', () => {
    if (raw.complete) return
    const cancel = clock.after(ms, () => raw.socket.destroy())
    raw.once('close', cancel)
  })
}

/**
 * Answers a socket whose request could not be read, and closes it. If others that it sent before are under way the next answer
 * is theirs: then it is closed behind that.
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const of = underWay.get(socket)
  const others = (of?.count ?? 0) - (of?.request.complete === false ? 1 : 0)
  if (!of || others === 0) return refuseSocket(socket, problemOf(error))
  of.isClosing = true
  socket.pause()
}

/** Answers a socket on which no answer has begun, and closes it, whether the other side does or not. */
export function refuseSocket(socket: Duplex, problem: ProblemError): void {
  const body = JSON.stringify(problem.toProblem())
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(problem.status === 401 ? ['www-authenticate: Bearer'] : []),
    'connection: close',
  ]
  if (!socket.writable) return void socket.destroy()
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function problemOf({ code, message }: Error & { code?: string }): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ProblemError('request_timeout')
  if (code === 'HPE_HEADER_OVERFLOW') return new ProblemError('headers_too_large')
  return new ProblemError('request_malformed', `The request cannot be read: ${message}.`)
}

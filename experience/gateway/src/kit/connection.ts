// What a connection may do before and beside its requests: send what is not HTTP, send many requests at once, go on sending a body
// that was refused. Each ends with an answer where one can be given, and then without the connection.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError } from '@biplane/protocol'

import { rawProblem } from './problem.ts'

interface UnderWay {
  /** Requests that are not answered yet. */
  count: number
  /** The last of them. */
  request: IncomingMessage
  /** It is closed when they are answered. */
  isClosing: boolean
}

const underWay = new WeakMap<Duplex, UnderWay>()
/** What a connection is listened to for beside its requests. */
const OTHER_LISTENERS = 10

/** Counts each request of a server until it is answered, from the moment it is read. A connection that has too many is closed. */
export function countUnderWay(server: Server, max: number): void {
  server.prependListener('request', (request, answer) => {
    const { socket } = request
    const of = underWay.get(socket) ?? { count: 0, request, isClosing: false }
    if (of.count >= max) socket.destroy()
    // A request that waits listens for the end of its connection.
    if (of.count === 1) socket.setMaxListeners(max + OTHER_LISTENERS)
    underWay.set(socket, Object.assign(of, { count: of.count + 1, request }))
    answer.once('close', () => {
      of.count--
      if (of.count === 0 && of.isClosing) socket.destroy()
    })
  })
}

/**
 * Answers a connection whose request could not be read, and closes it. If others that it sent before are under way the next answer
 * is theirs: then it is closed behind that.
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const of = underWay.get(socket)
  const others = (of?.count ?? 0) - (of?.request.complete === false ? 1 : 0)
  if (of === undefined || others === 0) {
    socket.end(rawProblem(problemOf(error)), () => socket.destroy())
    return
  }
  of.isClosing = true
  socket.pause()
}

/** What was refused may still be coming: it is read and thrown away for so long. */
export function lingerOver(request: IncomingMessage, ms: number): void {
  if (request.complete || request.destroyed) return
  request.on('error', () => request.destroy())
  request.resume()
  setTimeout(() => request.complete || request.destroy(), ms).unref()
}

function problemOf({ code, message }: Error & { code?: string }): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ProblemError('request_timeout')
  if (code === 'HPE_HEADER_OVERFLOW') return new ProblemError('headers_too_large')
  return new ProblemError('request_malformed', `The request cannot be read: ${message}.`)
}

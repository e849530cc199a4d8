// One open socket (docs/protocol.md §10): reads what is asked, has it done, and says what came of it. What goes wrong with one
// request is said of that request, and the socket goes on.

import { ProblemError } from '@biplane/protocol'
import type { WebSocket } from 'ws'

import type { Kit } from '../kit/kit.ts'
import type { Log } from '../kit/log.ts'
import { createBuckets } from '../kit/token-bucket.ts'
import { dispatch } from './dispatch.ts'
import { failureOf } from './failure.ts'
import { Following } from './following.ts'
import { keepAlive } from './heartbeat.ts'
import { CLOSE, type EndSocket, type SocketLimits } from './limits.ts'
import type { Line } from './line.ts'
import { Outbox } from './outbox.ts'
import type { Presence } from './presence.ts'
import { createProof } from './proof.ts'
import { idIn, readFields, readRequest } from './read-request.ts'
import { createRequests } from './requests.ts'
import { Uploads } from './uploads.ts'

/** Smaller frames of an upload count as messages; larger ones are held back by what takes them. */
const SMALL_FRAME_BYTES = 1024

export interface Opened {
  socket: WebSocket
  presence: Presence
  /** As the log names it. */
  name: string
  afterFailure: Line['afterFailure']
}

export function serveSocket(kit: Kit, limits: SocketLimits, log: Log, { name, ...opened }: Opened): void {
  const { socket } = opened
  const end: EndSocket = (code, reason) => {
    leave()
    socket.close(code, reason)
  }
  const outbox = new Outbox(socket, limits, end)
  const fail: Line['fail'] = (error, of) => outbox.post(failureOf(error, of, name, log))
  const line: Line = { kit, limits, outbox, fail, end, ...opened }
  const proof = createProof(line)
  const requests = createRequests(line)
  const following = new Following(line, proof)
  const uploads = new Uploads(line)
  const busy = [requests, following, uploads]
  const leave = () => busy.forEach((part) => part.end())
  const heartbeat = keepAlive(line, () => busy.some((part) => part.count() > 0))
  const pace = createBuckets({ perSecond: limits.messagesPerSecond, burst: limits.messagesBurst })

  socket.on('message', (data: Buffer, isBinary) => {
    heartbeat.asked()
    const isInTime = (isBinary && data.length > SMALL_FRAME_BYTES) || pace.take('taken').isAllowed
    // Who goes on all the same is not told for ever.
    if (!isInTime && !pace.take('refused').isAllowed) return end(CLOSE.tooManyMessages, 'too many messages')
    let id: string | undefined
    try {
      if (isBinary) return uploads.frame(data)
      const fields = readFields(data.toString())
      id = idIn(fields)
      if (!isInTime) throw new ProblemError('rate_limited', 'Messages come too fast.')
      dispatch({ line, proof, requests, following, uploads }, readRequest(fields))
    } catch (error) {
      fail(error, { id })
    }
  })
  socket.on('error', (error) => log.info({ socket: name, reason: error.message }, 'a socket failed'))
  socket.on('close', (code) => {
    leave()
    log.info({ socket: name, code }, 'a socket was closed')
  })
}

// What the parts of one socket have in common.

import type { ProblemError } from '@biplane/protocol'
import type { WebSocket } from 'ws'

import type { Kit } from '../kit/kit.ts'
import type { EndSocket, SocketLimits } from './limits.ts'
import type { Outbox } from './outbox.ts'
import type { Presence } from './presence.ts'

/** The request, the upload or the stream that something is about. */
export interface Subject {
  id?: string | undefined
  stream?: string | undefined
  session_id?: string | undefined
}

export interface Line {
  kit: Kit
  limits: SocketLimits
  socket: WebSocket
  presence: Presence
  outbox: Outbox
  /** Tells what went wrong. */
  fail(error: unknown, of: Subject): void
  end: EndSocket
  /** Counts a token that did not hold; answers the error to tell. */
  afterFailure(error: ProblemError): ProblemError
}

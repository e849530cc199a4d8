// What one request to read a stream comes with.

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '../../engine/ports.ts'

export interface Reading {
  request: FastifyRequest
  reply: FastifyReply
  clock: Clock
  /** From 0 up to 1. */
  random(): number
  /** Aborts when nothing may be kept open any more. */
  stopping: AbortSignal
  /** How long the reader may be told anything. */
  msLeft: number
  pace: Pace
}

export interface Pace {
  /** A long poll that finds nothing new is answered after so long. */
  longPollMs: number
  /** Server-sent events end about so long after they began, and the reader comes back. */
  reconnectMs: number
  /** Something is said this often, because intermediaries close what is quiet. */
  heartbeatMs: number
  /** A reader that takes nothing for so long is gone or stuck. */
  stallMs: number
}

export const PACE: Pace = { longPollMs: 20_000, reconnectMs: 60_000, heartbeatMs: 15_000, stallMs: 30_000 }

/** A signal for the end of what is kept open: the reader has left, its time is over, or everything stops. `release` it at the end. */
export function lifeOf({ request, clock, stopping, msLeft }: Reading, msMax: number): Life {
  const over = new AbortController()
  const end = () => over.abort()
  const cancel = clock.after(Math.min(msMax, msLeft), end)
  request.raw.socket.once('close', end)
  return {
    over: AbortSignal.any([over.signal, stopping]),
    release: () => {
      cancel()
      request.raw.socket.off('close', end)
      // A joint signal that somebody listens to is kept until one of its sources aborts.
      end()
    },
  }
}

export interface Life {
  over: AbortSignal
  release(): void
}

// Somebody who follows a session at a surface, whatever becomes of it: when it is gone they come back until it is there again, and
// go on behind the last event that they saw.

import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

import type { Event } from '@biplane/protocol'

import type { Completed, Surface } from './surface.ts'

const AGAIN_MS = 50
const WAIT_MS_MAX = 60_000
const START = '-1'
const UNLUCKY = ['execution.failed', 'execution.cancelled']

type Readable = Pick<Surface, 'name' | 'read'>

export class Follower {
  /** Every event that was shown, in the order it was. */
  readonly seen: Event[] = []
  /** The places from which it was read: more than the start only if the surface was gone in between. */
  readonly from = new Set<string>()
  readonly #news = new EventEmitter()
  readonly #leaving = new AbortController()
  readonly #following: Promise<void>
  #lost: unknown

  constructor(surface: Readable, session_id: string) {
    this.#following = this.#follow(surface, session_id)
  }

  /** Resolves when it has seen that event of an execution. @throws Error if that ends before and not well, or takes too long */
  async until(type: string, execution_id: string): Promise<Event> {
    const inTime = AbortSignal.timeout(WAIT_MS_MAX)
    for (;;) {
      const events = this.seen.filter(({ subject }) => subject === execution_id)
      const found = events.find((event) => event.type === type)
      if (found !== undefined) return found
      const end = events.find((event) => UNLUCKY.includes(event.type))
      if (end !== undefined) throw new Error(`It came to no ${type}: ${JSON.stringify(end)}`)
      await once(this.#news, 'seen', { signal: inTime }).catch(() => {
        const message = `Waited ${WAIT_MS_MAX} ms in vain for ${type} of ${execution_id}.`
        throw new Error(message, { cause: this.#lost })
      })
    }
  }

  async result(execution_id: string): Promise<Completed['result']> {
    const { data } = await this.until('execution.completed', execution_id)
    return (data as Completed).result
  }

  async leave(): Promise<void> {
    this.#leaving.abort()
    await this.#following
  }

  async #follow({ read }: Readable, session_id: string): Promise<void> {
    const { signal } = this.#leaving
    let offset = START
    while (!signal.aborted) {
      this.from.add(offset)
      try {
        for await (const batch of read(session_id, offset, signal)) {
          offset = batch.offset
          this.seen.push(...batch.events)
          this.#news.emit('seen')
        }
      } catch (error) {
        // Whatever went wrong there, it is tried again; for how long, `until` says.
        this.#lost = error
      }
      await pause(AGAIN_MS)
    }
  }
}

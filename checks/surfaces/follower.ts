// Somebody who follows a session at a surface, whatever becomes of it: when it is gone they come back until it is there again, and
// go on behind the last event that they saw.

import { setTimeout as pause } from 'node:timers/promises'

import type { Event } from '@biplane/protocol'

import type { Completed, Surface } from './surface.ts'

const AGAIN_MS = 50
const READS_MAX = 1_000
const START = '-1'

type Readable = Pick<Surface, 'name' | 'read'>

export class Follower {
  /** Every event that was shown, in the order it was. */
  readonly seen: Event[] = []
  /** The places from which it was read: more than the start only if the surface was gone in between. */
  readonly from = new Set<string>()
  readonly #events: AsyncGenerator<Event, undefined>

  constructor(surface: Readable, session_id: string) {
    this.#events = this.#follow(surface, session_id)
  }

  /** Reads on to that event of an execution. @throws Error if it ends before, and not well */
  async until(type: string, execution_id: string): Promise<void> {
    while ((await this.#next(execution_id)).type !== type);
  }

  /** Reads on to its end. @throws Error if it does not complete */
  async result(execution_id: string): Promise<Completed['result']> {
    for (;;) {
      const event = await this.#next(execution_id)
      if (event.kind === 'lifecycle' && event.type === 'execution.completed') {
        return event.data.result as Completed['result']
      }
    }
  }

  async leave(): Promise<void> {
    await this.#events.return(undefined)
  }

  async #next(execution_id: string): Promise<Event> {
    for (;;) {
      const { value: event } = await this.#events.next()
      if (event === undefined) throw new Error('The session was left.')
      this.seen.push(event)
      if (event.subject !== execution_id) continue
      if (['execution.failed', 'execution.cancelled'].includes(event.type)) throw new Error(JSON.stringify(event))
      return event
    }
  }

  async *#follow({ name, read }: Readable, session_id: string): AsyncGenerator<Event, undefined> {
    let offset = START
    let lost: unknown
    for (let reads = 0; reads < READS_MAX; reads++) {
      this.from.add(offset)
      try {
        for await (const batch of read(session_id, offset)) {
          offset = batch.offset
          yield* batch.events
        }
      } catch (error) {
        lost = error
      }
      await pause(AGAIN_MS)
    }
    throw new Error(`${name} did not come back.`, { cause: lost })
  }
}

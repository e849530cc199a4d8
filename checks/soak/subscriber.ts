// A subscriber of one or several sessions, over one connection at a time. It keeps its places itself, drops its connection now
// and then, and comes back with what it has; how it reads is its line's.

import { setTimeout as sleep } from 'node:timers/promises'

import type { Given, Records } from './record.ts'

/** A place in a session's log. */
export interface Place {
  sessionId: string
  /** Of the last event taken; 0: none. */
  seq: number
  /** What to go on from. */
  offset: string
}

/** How a subscriber behaves. */
export interface Manner {
  /** On average so long passes until it breaks its own connection; Infinity: never. */
  breaksAfterMs: number
  /** After a connection ended it waits up to so long, by chance: a gateway that comes back is not run over. */
  comeBackMsMax: number
  /** It stops reading for a moment, again and again. */
  isSlow: boolean
  /** It reads nothing at all until it is closed by the other side. */
  isStuck: boolean
}

/**
 * One connection: reads until it ends, whatever the cause. Events are handed over with the offset behind them once that is known.
 * `signal` ends it at once, as a cable that is pulled.
 */
export type Line = (
  places: readonly Place[],
  take: (place: Place, events: readonly Given[], offset: string) => void,
  manner: Manner,
  signal: AbortSignal,
) => Promise<void>

export class Subscriber {
  readonly places: Place[]
  readonly manner: Manner
  connections = 0
  private readonly name: string
  private readonly line: Line
  private readonly records: Records
  private readonly chance: () => number

  constructor(
    name: string,
    sessions: readonly string[],
    line: Line,
    manner: Manner,
    records: Records,
    chance: () => number,
  ) {
    this.name = name
    this.line = line
    this.manner = manner
    this.records = records
    this.chance = chance
    this.places = sessions.map((sessionId) => ({ sessionId, seq: 0, offset: '-1' }))
  }

  /** Follows until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      this.connections++
      const broken = AbortSignal.any([stop, this.breakingOff()])
      await this.line(this.places, (place, events, offset) => this.take(place, events, offset), this.manner, broken)
      await sleep(this.chance() * this.manner.comeBackMsMax, undefined, { signal: stop }).catch(() => {})
    }
  }

  private take(place: Place, events: readonly Given[], offset: string): void {
    for (const event of events) place.seq = this.records.take(this.name, place.sessionId, place.seq, event)
    place.offset = offset
  }

  private breakingOff(): AbortSignal {
    const { breaksAfterMs } = this.manner
    if (breaksAfterMs === Infinity) return new AbortController().signal
    return AbortSignal.timeout(Math.ceil(breaksAfterMs * 2 * this.chance()))
  }
}

// A fourth way to read a log: what there is by requests, at the reader's own pace, and what comes on the line that all share.
// Whenever that leaves something out, or a reader has let too much of it lie, the log is asked again.

import { offsetOf } from '@biplane/protocol'

import { type Backoff, backoffMs, pause } from '../backoff.ts'
import { placeOf } from '../place.ts'
import { type Part, type Position, readPart, tailOf } from '../stream.ts'
import type { Transport } from '../transport.ts'
import type { Live } from './live.ts'
import type { Heard, Seat } from './seat.ts'

/** When the log has less than was heard of, so that it is not asked in a tight loop. */
const NOTHING_NEW_MS = 100
/** A log that the line does not take, such as one too many: the log says why, or is read from time to time. */
const SIT_AGAIN: Backoff = { baseMs: 200, maxMs: 10_000 }

export async function* readShared(transport: Transport, live: Live, position: Position): AsyncGenerator<Part> {
  const { log, signal } = position
  let seat: Seat | null = null
  let refusals = 0
  try {
    for (let { offset } = position; ;) {
      const before = offset
      for await (const part of readToEnd(transport, { ...position, offset })) {
        yield part
        if (part.closed) return
        offset = part.offset ?? offset
      }
      if (seat !== null && offset === before) await pause(NOTHING_NEW_MS, signal)
      if (seat === null || !seat.isTaken) seat = live.sit(log, placeOf(offset))
      for (;;) {
        const heard: Heard = await seat.next(placeOf(offset), signal)
        if (heard.type === 'refused') await pause(backoffMs(++refusals, SIT_AGAIN), signal)
        if (heard.type === 'refused' || heard.type === 'behind') break
        refusals = 0
        const part = partOf(heard, offset)
        yield part
        if (part.closed) return
        offset = part.offset ?? offset
      }
    }
  } finally {
    seat?.leave()
  }
}

/** Ends when nothing more is in the log. */
async function* readToEnd(transport: Transport, position: Position): AsyncGenerator<Part> {
  let tail: string | undefined
  for (let { offset } = position; ;) {
    const part = await readPart(transport, { ...position, offset }, { once: true })
    if (!part.upToDate && !part.closed) tail ??= await tailOf(transport, position)
    yield tail === undefined ? part : { ...part, tail }
    if (part.upToDate || part.closed) return
    offset = part.offset ?? offset
  }
}

function partOf(heard: Exclude<Heard, { type: 'behind' | 'refused' }>, offset: string): Part {
  const nothing: Part = { events: [], offset, upToDate: false, closed: false }
  if (heard.type === 'events') {
    const { events, place, upToDate } = heard
    return { ...nothing, events, offset: offsetOf(place), upToDate }
  }
  if (heard.type === 'closed') return { ...nothing, closed: true }
  return { ...nothing, down: heard }
}

// Following a log. Whatever lies between may fail: the follower connects again, a little later each time, and goes
// on behind the last event it gave. It keeps that place itself, so nothing is skipped or given twice (docs/guarantees.md, G6).

import { type Backoff, backoffMs } from './backoff.ts'
import { BiplaneError, EVENTS_MISSING, eventsMissing, isProblem } from './error.ts'
import type { Live } from './live/live.ts'
import { readShared } from './live/read-shared.ts'
import type { EventFilter, Followed, Log } from './log.ts'
import { pauseUntilWoken } from './pause-until-woken.ts'
import { placeOf } from './place.ts'
import { type FollowStatus, StatusTeller } from './status.ts'
import { type Part, type Position, type Way, readPolling, readSse, tailOf } from './stream.ts'
import { isPage } from './surroundings.ts'
import type { Transport } from './transport.ts'

export interface FollowOptions<F extends EventFilter = EventFilter> {
  /** Only what fits it. What does not is passed over, and the offset is that far. */
  filter?: F | undefined
  /** `-1` (default): from the start. `now`: only what is to come. Else an offset that a stream gave. */
  offset?: string
  /** Default: `shared` in a page, `sse` elsewhere. */
  live?: Way
  /** Aborting rejects with its reason. To leave quietly, leave the loop. */
  signal?: AbortSignal | undefined
  /** Told how it stands, at the beginning and at each change, for people who watch. */
  onStatus?: (status: FollowStatus) => void
  /** Told before each new attempt, when a line is lost that should not be. `attempt` counts from 1 since the last that held. */
  onReconnect?: (reconnect: { attempt: number; delayMs: number; error: Error }) => void
  /** Told behind the last event that there is for now, with the offset; again whenever there was more. */
  onCaughtUp?: (offset: string) => void
}

/** Some events that follow each other, and how the reader stands behind them. */
export interface FollowedBatch {
  events: Followed[]
  /** Behind them, and behind what a filter passed over. */
  offset: string
  upToDate: boolean
}

/** What follows a client's logs. */
export interface Reading {
  transport: Transport
  live: Live
}

const RECONNECT: Backoff = { baseMs: 200, maxMs: 10_000 }
/** Tokens in a row that are not taken; what they come from is asked for another one. */
const REFUSED_TOKENS_MAX = 5

/** What follows, beside what of. */
type How = Omit<FollowOptions, 'filter'>

/** Yields the events of a log in order until it is closed. @throws BiplaneError if connecting again cannot help */
export async function* follow(reading: Reading, log: Log, how: How = {}): AsyncGenerator<Followed, void> {
  for await (const { events } of followBatches(reading, log, how)) yield* events
}

/** The same, as they come together. `log`: it, or what finds it out. */
export async function* followBatches(
  reading: Reading,
  log: Log | (() => Promise<Log>),
  { offset = '-1', live: way = isPage() ? 'shared' : 'sse', signal, ...ears }: How = {},
): AsyncGenerator<FollowedBatch, void> {
  const position = { offset, signal } as Position
  const teller = new StatusTeller(ears.onStatus)
  const tally: Tally = { tail: 0, failures: 0, refusals: 0 }
  for (;;) {
    try {
      position.log ??= typeof log === 'function' ? await log() : log
      yield* readOnce(reading, position, way, { teller, tally, onCaughtUp: ears.onCaughtUp })
      if (tally.isClosed) return teller.ended(null)
      // An answer that has said something may end, and the next one goes on: nobody need know.
      await pauseUntilWoken(backoffMs(1, RECONNECT), reading.live.surroundings, signal)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isPassing(error, reading, tally)) {
        if (error instanceof BiplaneError) teller.ended(error)
        throw error
      }
      await comeBack(reading, position, error, { teller, tally, onReconnect: ears.onReconnect })
    }
  }
}

interface Tally {
  /** The last event that is known to be there. */
  tail: number
  /** Attempts that failed since one told something. */
  failures: number
  /** Of these, how many tokens were not taken. */
  refusals: number
  isClosed?: boolean
}

interface Watching {
  teller: StatusTeller
  tally: Tally
  onCaughtUp: FollowOptions['onCaughtUp']
}

/** Reads until the answer ends. It moves the position. */
async function* readOnce(
  { transport, live }: Reading,
  position: Position,
  way: Way,
  { teller, tally, onCaughtUp }: Watching,
): AsyncGenerator<FollowedBatch, void> {
  // `now` is made a place at once: a connection lost before its first event must not skip what came meanwhile.
  if (position.offset === 'now') position.offset = await tailOf(transport, position)
  let hasTold = false
  for await (const part of read(transport, live, { ...position }, way)) {
    hasTold = true
    if (part.down !== undefined) {
      const { retryAt, reason } = part.down
      teller.set(
        { status: 'reconnecting', retryAt: new Date(retryAt), error: new Error(reason) },
        behind(position, tally),
      )
      continue
    }
    Object.assign(tally, { failures: 0, refusals: 0 })
    const events = continued(position, part)
    tally.tail = Math.max(tally.tail, placeOf(part.tail ?? '-1'), placeOf(events.at(-1)?.offset ?? '-1'))
    if (!part.upToDate) teller.heard(behind(position, tally), part.tail !== undefined)
    position.offset = latest(position.offset, part.offset, events.at(-1)?.offset)
    const { offset } = position
    if (events.length > 0 || part.upToDate) yield { events, offset, upToDate: part.upToDate }
    if (part.closed) return void (tally.isClosed = true)
    if (!part.upToDate) continue
    teller.set({ status: 'live' })
    onCaughtUp?.(offset)
  }
  if (!hasTold) throw new Error('The server ended its answer before it said anything.')
}

function read(transport: Transport, live: Live, position: Position, way: Way): AsyncGenerator<Part> {
  if (way === 'shared') return readShared(transport, live, position)
  return way === 'sse'
    ? readSse(transport, position, live.surroundings.onChange)
    : readPolling(transport, position, way)
}

/** What was not given yet. @throws BiplaneError events_missing, if it does not follow; a filter may leave out anything */
function continued({ log, offset }: Position, part: Part): Followed[] {
  let place = placeOf(offset)
  const go = (to: number) => {
    if (to > place + 1 && log.filter === undefined) throw eventsMissing(place, to)
    place = to
  }
  const next = part.events.filter((followed) => {
    const at = placeOf(followed.offset)
    if (at <= place) return false
    go(at)
    return true
  })
  // An answer that goes on further than its events: they were lost on their way.
  const end = placeOf(part.offset ?? '-1')
  if (end > place) go(end + 1)
  return next
}

/** Of offsets the latest is the greatest text. */
const latest = (...offsets: (string | null | undefined)[]): string =>
  offsets.reduce<string>((last, one) => (one && one > last ? one : last), '-1')

const behind = ({ offset }: Position, { tail }: Tally): number => Math.max(0, tail - placeOf(offset))

async function comeBack(
  { live }: Reading,
  position: Position,
  error: Error,
  { teller, tally, onReconnect }: Pick<Watching, 'teller' | 'tally'> & { onReconnect: FollowOptions['onReconnect'] },
): Promise<void> {
  const attempt = ++tally.failures
  const delayMs = backoffMs(attempt, RECONNECT)
  const retryAt = new Date(live.surroundings.now() + delayMs)
  teller.set({ status: 'reconnecting', retryAt, error }, behind(position, tally))
  onReconnect?.({ attempt, delayMs, error })
  await pauseUntilWoken(delayMs, live.surroundings, position.signal)
}

/** What a server says of the request itself will be said again; what broke, or is overloaded, may be whole in a moment. */
function isPassing(error: unknown, { transport }: Reading, tally: Tally): error is Error {
  if (!(error instanceof BiplaneError)) return error instanceof Error
  if (error.code === EVENTS_MISSING) return false
  if (error.status >= 500 || error.status === 429) return true
  // What the source of tokens says itself is final.
  const mayBeRenewed = error.status === 401 && transport.renewsToken && !isProblem(error.cause)
  return mayBeRenewed && ++tally.refusals <= REFUSED_TOKENS_MAX
}

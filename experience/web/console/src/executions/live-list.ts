// The list as it changes: its newest page is read once, and then the events of the tenant move its rows, put together some times a second
// however many come. What events alone do not say is looked up, one execution at a time; after a gap all is read again.
//
// An answer may be older than an event that came while it was on its way, so what came since it was asked for is told over it again.

import { type Client, type FollowStatus, pause } from '@biplane/client'
import { type Event, type ExecutionSummary, type Page, isFinal } from '@biplane/protocol'

import type { Line } from '../../../ui/line/line-state.ts'
import { lineOf } from '../../../ui/line/line-of.ts'
import { type Filter, asked, fits } from './filter.ts'
import { type Row, isUnsure, rowAfter, rowBegunBy, rowOf } from './row.ts'
import { type Rows, firstRows, isFull, isInReach, rowIn, withOlder, withRows } from './rows.ts'

export interface ListView {
  /** Null until the first page has come. */
  rows: Rows | null
  line: Line
  error: Error | null
  isLoadingOlder: boolean
}

const NEWEST_ROWS = 100
const OLDER_ROWS = 200
const TELL_EVERY_MS = 250
const BEGIN_AGAIN_MS = 2_000
/** Further behind, such as after a night, the list is read again instead of all that happened. */
const BEHIND_MAX = 5_000
const LOOKUPS_AT_ONCE = 10
/** More are not looked up one by one. */
const UNSURE_MAX = 200
/** Those that the list is not of, and that may come to be. */
const ASIDE_MAX = 10_000

export class LiveList {
  readonly #client: Client
  readonly #tenantId: string
  readonly #filter: Filter
  readonly #listeners = new Set<() => void>()
  #view: ListView
  #ending: AbortController | null = null
  /** Not shown yet. */
  #coming: Event[] = []
  #telling: ReturnType<typeof setTimeout> | undefined
  /** What came while anything that was asked for is on its way. */
  #recent: Event[] = []
  #underWay = 0
  readonly #aside = new Map<string, Row>()
  readonly #unsure = new Set<string>()
  #isLookingUp = false

  /** `rows`: shown until the first page comes. */
  constructor(client: Client, tenantId: string, filter: Filter, rows: Rows | null) {
    this.#client = client
    this.#tenantId = tenantId
    this.#filter = filter
    this.#view = { rows, line: { status: 'connecting' }, error: null, isLoadingOlder: false }
  }

  readonly view = (): ListView => this.#view

  /** Follows while somebody listens. */
  readonly subscribe = (tell: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#begin()
    this.#listeners.add(tell)
    return () => {
      this.#listeners.delete(tell)
      if (this.#listeners.size > 0) return
      this.#ending?.abort()
      clearTimeout(this.#telling)
      this.#telling = undefined
    }
  }

  /** Reads all of it again. */
  readonly readAgain = (): void => {
    this.#aside.clear()
    this.#unsure.clear()
    void this.#ask(
      (signal) => this.#client.executions({ ...asked(this.#filter), limit: NEWEST_ROWS, signal }),
      (newest) => firstRows(newest),
    )
  }

  readonly loadOlder = (): void => {
    const { rows, isLoadingOlder } = this.#view
    if (rows === null || rows.older === null || isLoadingOlder || isFull(rows)) return
    const after = rows.older
    this.#change({ isLoadingOlder: true })
    void this.#ask(
      (signal) => this.#client.executions({ ...asked(this.#filter), after, limit: OLDER_ROWS, signal }),
      // What was read again meanwhile goes on elsewhere.
      (page: Page<ExecutionSummary>, now) => (now?.older === after ? withOlder(now, page) : now),
    ).finally(() => this.#change({ isLoadingOlder: false }))
  }

  #begin(): void {
    const ending = new AbortController()
    this.#ending = ending
    this.#coming = []
    this.readAgain()
    this.#follow(ending.signal).catch((error: unknown) => {
      if (!ending.signal.aborted) reportError(error)
    })
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      const turn = new AbortController()
      let isNew = true
      const onStatus = (status: FollowStatus) => {
        if (signal.aborted) return
        this.#change({ line: lineOf(status) })
        if ((status.behind ?? 0) > BEHIND_MAX) turn.abort()
      }
      // From here on nothing is missed, so what is read from here on is good.
      const onCaughtUp = () => {
        if (isNew || (this.#view.error !== null && this.#underWay === 0)) this.readAgain()
        isNew = false
      }
      try {
        const ends = AbortSignal.any([signal, turn.signal])
        for await (const { event } of this.#events({ signal: ends, onStatus, onCaughtUp })) this.#hear(event)
        return
      } catch {
        if (signal.aborted) return
      } finally {
        turn.abort()
      }
      // Whatever it was, such as a gap: the list is read again, and followed from there.
      this.#change({ line: { status: 'reconnecting' } })
      this.readAgain()
      await pause(BEGIN_AGAIN_MS, signal)
    }
  }

  #events(ears: Pick<NonNullable<Parameters<Client['followTenant']>[0]>, 'signal' | 'onStatus' | 'onCaughtUp'>) {
    const how = { filter: { kind: ['lifecycle', 'saga', 'timer', 'signal', 'child'] }, offset: 'now', ...ears } as const
    const { session } = this.#filter
    return session === undefined ? this.#client.followTenant(how) : this.#client.follow(session, how)
  }

  #hear(event: Event): void {
    this.#coming.push(event)
    if (this.#underWay > 0) this.#recent.push(event)
    this.#telling ??= setTimeout(() => this.#tell(), TELL_EVERY_MS)
  }

  #tell(): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
    const events = this.#coming
    this.#coming = []
    const { rows } = this.#view
    if (rows !== null && events.length > 0) this.#put(rows, this.#changedBy(rows, events))
    void this.#lookUp()
  }

  /** The executions that the events are of, as they are behind them. */
  #changedBy(rows: Rows, events: readonly Event[]): Row[] {
    const changed = new Map<string, Row>()
    for (const event of events) {
      if (!('execution_id' in event)) continue
      const id = event.execution_id
      const known = changed.get(id) ?? rowIn(rows, id) ?? this.#aside.get(id)
      const row = known === undefined ? rowBegunBy(event, this.#tenantId) : rowAfter(known, event)
      if (row !== null) changed.set(id, row)
      // Of a list that is not narrowed by what changes, all that could be in it are.
      const mayHaveCome = row === null && this.#filter.status !== undefined && isInReach(rows, id)
      if (mayHaveCome || (known !== undefined && isUnsure(known, event))) this.#unsure.add(id)
    }
    return [...changed.values()]
  }

  #put(rows: Rows, changed: readonly Row[]): void {
    const isOfIt = (row: Row) => fits(row, this.#filter)
    for (const row of changed) {
      this.#aside.delete(row.execution_id)
      if (!isOfIt(row) && !isFinal(row.status)) this.#aside.set(row.execution_id, row)
    }
    const [oldest] = this.#aside.keys()
    if (oldest !== undefined && this.#aside.size > ASIDE_MAX) this.#aside.delete(oldest)
    const next = withRows(rows, changed, isOfIt)
    if (next === null) this.readAgain()
    else this.#change({ rows: next })
  }

  async #lookUp(): Promise<void> {
    if (this.#unsure.size > UNSURE_MAX) this.readAgain()
    if (this.#isLookingUp) return
    this.#isLookingUp = true
    while (this.#unsure.size > 0 && this.#listeners.size > 0) {
      const ids = [...this.#unsure].slice(0, LOOKUPS_AT_ONCE)
      ids.forEach((id) => this.#unsure.delete(id))
      await this.#ask(
        (signal) => Promise.all(ids.map((id) => this.#client.execution(id, { signal }))),
        (found, rows) => {
          if (rows !== null) this.#put(rows, found.map(rowOf))
          return this.#view.rows
        },
      )
    }
    this.#isLookingUp = false
  }

  /** What is asked for, and what the rows become by it. */
  async #ask<T>(ask: (signal: AbortSignal) => Promise<T>, take: (answer: T, now: Rows | null) => Rows | null) {
    const signal = this.#ending?.signal ?? AbortSignal.abort()
    const from = this.#recent.length
    this.#underWay++
    try {
      const answer = await ask(signal)
      if (signal.aborted) return
      this.#tell()
      const rows = take(answer, this.#view.rows)
      this.#change({ rows, error: null })
      if (rows !== null) this.#put(rows, this.#changedBy(rows, this.#recent.slice(from)))
    } catch (error) {
      if (!signal.aborted) this.#change({ error: error as Error })
    } finally {
      if (--this.#underWay === 0) this.#recent = []
    }
  }

  #change(changed: Partial<ListView>): void {
    this.#view = { ...this.#view, ...changed }
    this.#listeners.forEach((tell) => tell())
  }
}

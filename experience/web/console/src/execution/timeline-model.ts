// The log of one execution as what happened when: a row for each call of its handler, with a bar for each attempt and each wait, and
// a row for each undo, in the order in which they were taken back.

import type { Event, EventOf } from '@biplane/protocol'

import { because, callWords } from '../log/event-words.ts'

export type BarKind = 'work' | 'failed' | 'retry' | 'wait' | 'undo'

export interface Bar {
  kind: BarKind
  fromMs: number
  /** Null while it goes on. */
  toMs: number | null
  words: string
}

export interface Row {
  id: string
  kind: 'step' | 'signal' | 'sleep' | 'child' | 'undo'
  label: string
  /** The place of the call among those of the handler. */
  ordinal: number
  bars: Bar[]
  /** `undone`: done, and taken back. */
  state: 'open' | 'done' | 'failed' | 'undone'
  attempts: number
  /** What it failed with last. */
  error?: string
  childId?: string
}

/** A time of the execution as a whole. */
export interface Span {
  kind: 'queued' | 'paused' | 'parked' | 'undoing'
  fromMs: number
  toMs: number | null
  words: string
}

export interface Timeline {
  fromMs: number
  /** Null while it goes on. */
  toMs: number | null
  rows: readonly Row[]
  spans: readonly Span[]
  /** When its last entry was written. */
  lastMs: number
}

interface Drawing extends Timeline {
  rows: Row[]
  spans: Span[]
  byCall: Map<string, Row>
  /** When the last undo began, while they are under way. */
  undoMs: number | null
}

/** Of the events of one execution, in order. `createdMs`: when it was accepted. */
export function timelineOf(events: readonly Event[], createdMs: number): Timeline {
  const drawing: Drawing = {
    fromMs: createdMs,
    toMs: null,
    rows: [],
    spans: [{ kind: 'queued', fromMs: createdMs, toMs: null, words: 'accepted, and not begun' }],
    lastMs: createdMs,
    byCall: new Map(),
    undoMs: null,
  }
  for (const event of events) {
    const atMs = Date.parse(event.time)
    draw(drawing, event, atMs)
    drawing.lastMs = atMs
  }
  const { fromMs, toMs, rows, spans, lastMs } = drawing
  return { fromMs, toMs, rows, spans, lastMs }
}

function draw(drawing: Drawing, event: Event, atMs: number): void {
  switch (event.kind) {
    case 'lifecycle':
      return drawLifecycle(drawing, event, atMs)
    case 'step':
      return drawStep(drawing, event, atMs)
    case 'saga':
      return drawSaga(drawing, event, atMs)
    case 'timer':
      return drawTimer(drawing, event, atMs)
    case 'signal':
      return drawSignal(drawing, event, atMs)
    case 'child':
      return drawChild(drawing, event, atMs)
    default:
  }
}

function drawLifecycle(drawing: Drawing, { type, data }: EventOf<'lifecycle'>, atMs: number): void {
  switch (type) {
    case 'intent.accepted':
      return
    case 'execution.started':
    case 'execution.recovered':
      return endSpan(drawing, 'queued', atMs)
    case 'execution.paused':
      return beginSpan(drawing, 'paused', atMs, data.error?.message ?? `paused${because(data)}`)
    case 'execution.parked':
      drawing.undoMs = null
      return beginSpan(drawing, 'parked', atMs, data.error.message)
    case 'execution.continued':
      drawing.undoMs = drawing.spans.some(({ kind }) => kind === 'undoing') ? atMs : null
      endSpan(drawing, 'paused', atMs)
      return endSpan(drawing, 'parked', atMs)
    case 'execution.cancelling':
      return endWaits(drawing, atMs)
    case 'execution.completed':
    case 'execution.failed':
    case 'execution.cancelled':
    case 'execution.superseded':
      return end(drawing, atMs)
    default:
      return type satisfies never
  }
}

function beginSpan(drawing: Drawing, kind: Span['kind'], fromMs: number, words: string): void {
  endSpan(drawing, 'queued', fromMs)
  drawing.spans.push({ kind, fromMs, toMs: null, words })
}

function endSpan({ spans }: Drawing, kind: Span['kind'], atMs: number): void {
  for (const span of spans) if (span.kind === kind) span.toMs ??= atMs
}

function endWaits({ rows }: Drawing, atMs: number): void {
  for (const { bars } of rows) for (const bar of bars) bar.toMs = Math.min(bar.toMs ?? atMs, Math.max(atMs, bar.fromMs))
}

function end(drawing: Drawing, atMs: number): void {
  endWaits(drawing, atMs)
  for (const span of drawing.spans) span.toMs ??= atMs
  for (const row of drawing.rows) if (row.state === 'open') row.state = 'done'
  drawing.toMs = atMs
}

type Call = { ordinal: number; name: string; key?: string | undefined }

/** The row of a call; made where it is first heard of. */
function rowOf(drawing: Drawing, call: Call, kind: Row['kind'], label = callWords(call)): Row {
  const id = `${kind} ${call.ordinal} ${callWords(call)}`
  const known = drawing.byCall.get(id)
  if (known !== undefined) return known
  const row: Row = { id, kind, label, ordinal: call.ordinal, bars: [], state: 'open', attempts: 0 }
  drawing.byCall.set(id, row)
  drawing.rows.push(row)
  return row
}

function drawStep(drawing: Drawing, { type, data }: EventOf<'step'>, atMs: number): void {
  const row = rowOf(drawing, data, 'step')
  const open = row.bars.findLast(({ toMs }) => toMs === null)
  const attempt = `attempt ${data.attempt}`
  row.attempts = Math.max(row.attempts, data.attempt)
  if (type === 'step.started') {
    if (open !== undefined) open.toMs = atMs
    row.bars.push({ kind: 'work', fromMs: atMs, toMs: null, words: `${row.label}, ${attempt}` })
    return
  }
  // The log has the end of an attempt; it began when the one before was over, or with the entry before.
  const waited = row.bars.findLast(({ kind }) => kind === 'retry')
  if (waited !== undefined && waited === open) waited.toMs = Math.min(atMs, retryAtMs.get(waited) ?? atMs)
  const begun = open?.kind === 'work' ? open.fromMs : (waited?.toMs ?? drawing.lastMs)
  if (open?.kind === 'work') row.bars.splice(row.bars.indexOf(open), 1)
  if (type === 'step.completed') {
    const fromMs = Math.max(drawing.fromMs, atMs - data.duration_ms)
    row.bars.push({ kind: 'work', fromMs, toMs: atMs, words: `${row.label}, ${attempt}` })
    row.state = 'done'
    delete row.error
    return
  }
  row.bars.push({ kind: 'failed', fromMs: begun, toMs: atMs, words: `${attempt}: ${data.error.message}` })
  row.error = data.error.message
  if (data.final) row.state = 'failed'
  else {
    const wait: Bar = { kind: 'retry', fromMs: atMs, toMs: null, words: `waits for attempt ${data.attempt + 1}` }
    if (data.retry_at !== undefined) retryAtMs.set(wait, Date.parse(data.retry_at))
    row.bars.push(wait)
  }
}

/** When what waits for another attempt is due. */
const retryAtMs = new WeakMap<Bar, number>()

function drawSaga(drawing: Drawing, event: EventOf<'saga'>, atMs: number): void {
  if (event.type === 'saga.compensating') {
    endWaits(drawing, atMs)
    drawing.undoMs = atMs
    return beginSpan(drawing, 'undoing', atMs, event.data.error.message)
  }
  const { data } = event
  const row = rowOf(drawing, data, 'undo', `undo ${callWords(data)}`)
  const fromMs = drawing.undoMs ?? atMs
  drawing.undoMs = atMs
  if (event.type === 'saga.undo_failed') {
    row.attempts = event.data.attempt
    row.state = 'failed'
    row.error = event.data.error.message
    row.bars.push({ kind: 'failed', fromMs, toMs: atMs, words: `attempt ${row.attempts}: ${row.error}` })
    return
  }
  const words = event.type === 'saga.step_settled' ? `undone by hand${because(event.data)}` : 'undone'
  row.bars.push({ kind: 'undo', fromMs, toMs: atMs, words })
  row.state = 'done'
  delete row.error
  const done = drawing.rows.find(({ kind, ordinal }) => kind !== 'undo' && ordinal === data.ordinal)
  if (done !== undefined) done.state = 'undone'
}

function drawTimer(drawing: Drawing, event: EventOf<'timer'>, atMs: number): void {
  const row = rowOf(drawing, event.data, 'sleep', 'sleep')
  if (event.type === 'execution.waiting') {
    row.bars.push({ kind: 'wait', fromMs: atMs, toMs: null, words: 'sleeps' })
    return
  }
  closeRow(row, atMs, 'done')
}

function drawSignal(drawing: Drawing, event: EventOf<'signal'>, atMs: number): void {
  if (event.type === 'signal.received') return
  const row = rowOf(drawing, event.data, 'signal')
  if (event.type === 'signal.awaited') {
    const { approval, name } = event.data
    const words = approval === undefined ? `waits for ${name}` : `asks: ${approval.title ?? name}`
    row.bars.push({ kind: 'wait', fromMs: atMs, toMs: null, words })
    return
  }
  const isGood = event.type === 'signal.taken' && event.data.approved !== false
  // What had come before it was waited for is taken at once.
  if (row.bars.length === 0)
    row.bars.push({ kind: 'wait', fromMs: atMs, toMs: atMs, words: `${event.data.name} had come` })
  closeRow(row, atMs, isGood ? 'done' : 'failed')
}

function drawChild(drawing: Drawing, event: EventOf<'child'>, atMs: number): void {
  const row = rowOf(drawing, event.data, 'child')
  const { child_execution_id: childId } = event.data
  if (childId !== undefined) row.childId = childId
  if (event.type === 'child.called') {
    const toMs = event.data.detached ? atMs : null
    row.bars.push({ kind: 'work', fromMs: atMs, toMs, words: event.data.detached ? 'is on its own' : 'a child' })
    if (event.data.detached) row.state = 'done'
    return
  }
  const { status, error } = event.data
  if (error !== undefined) row.error = error.message
  if (row.bars.length === 0) row.bars.push({ kind: 'work', fromMs: atMs, toMs: atMs, words: 'never accepted' })
  closeRow(row, atMs, status === 'completed' ? 'done' : 'failed')
}

function closeRow(row: Row, atMs: number, state: Row['state']): void {
  for (const bar of row.bars) bar.toMs ??= atMs
  row.state = state
  const last = row.bars.at(-1)
  if (state === 'failed' && last !== undefined) last.kind = 'failed'
}

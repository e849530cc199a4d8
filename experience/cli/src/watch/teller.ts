// Tells events as they come: lines for people, with a heading whenever another execution speaks; the events themselves for programs.

import type { Event, EventOf } from '@biplane/protocol'

import type { Channel, Output } from '../terminal/output.ts'
import { clockOf, momentOf } from '../terminal/moment.ts'
import { bold, dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { count, sizeOf } from '../terminal/words.ts'
import { lineOf } from './event-line.ts'
import { isEnding, isOfType } from './event-type.ts'

/** Executions whose names are remembered; a session may have any number of them. */
const NAMES_MAX = 1_000

export interface TellOptions {
  channel: Channel
  /** Whether each line begins with its time. */
  clock?: boolean
  /** Types of events, or what they begin with: `step`, `data_mash.create`. All, if there is none. */
  types?: readonly string[]
  /** The execution that is told of: it needs no heading, and its end is told otherwise. */
  of?: string
}

export class Teller {
  readonly #out: Output
  readonly #how: TellOptions
  readonly #names = new Map<string, string>()
  #speaker: string | undefined
  #stream: string | null = null
  #day = ''

  constructor(out: Output, how: TellOptions) {
    this.#out = out
    this.#how = how
    this.#speaker = how.of
  }

  tell(event: Event): void {
    this.#remember(event)
    if (!isOfType(event, this.#how.types ?? [])) return
    this.#out.record({ type: 'event', event })
    if (event.kind === 'progress') return this.#tellProgress(event)
    if (event.kind === 'stream') return this.#tellChunks(event)
    const text = event.subject === this.#how.of && isEnding(event) ? null : lineOf(event)
    if (text !== null) this.#line(event, text)
  }

  #remember(event: Event): void {
    if (event.type !== 'intent.accepted' || event.kind !== 'lifecycle') return
    this.#names.set(event.execution_id, event.data.intent_type)
    if (this.#names.size <= NAMES_MAX) return
    for (const [oldest] of this.#names.entries().take(1)) this.#names.delete(oldest)
  }

  #line(event: Event, text: string): void {
    const { channel, clock = false } = this.#how
    this.#stream = null
    this.#out.endProgress()
    this.#introduce(event)
    const time = clock ? `${dim(clockOf(event.time))} ` : '  '
    this.#out.say(channel, time + text)
  }

  /** Who speaks, if it is another than before, and which day it is. */
  #introduce(event: Event): void {
    const { channel, clock = false } = this.#how
    const day = clock ? (momentOf(event.time).split(' ').at(-2) ?? '') : ''
    if (day !== this.#day) this.#out.say(channel, dim(day === '' ? 'today' : day))
    this.#day = day
    if (!('execution_id' in event) || event.execution_id === this.#speaker) return
    this.#speaker = event.execution_id
    this.#out.say(channel, `${bold(this.#names.get(event.execution_id) ?? 'execution')} ${dim(event.execution_id)}`)
  }

  #tellProgress({ execution_id, data }: EventOf<'progress'>): void {
    const { message = '', done = 0, total, unit = '', step = '' } = data
    const figure = unit === 'bytes' ? sizeOf : count
    const of = total === undefined ? figure(done) : `${figure(done)} of ${figure(total)}`
    const label = step || (this.#names.get(execution_id) ?? '')
    this.#out.progress(
      plain(label),
      done,
      total ?? null,
      plain(`${message} ${of}${unit === 'bytes' ? '' : ` ${unit}`}`),
    )
  }

  /** What a step says piece by piece is shown as it is said. */
  #tellChunks(event: EventOf<'stream'>): void {
    const { ordinal, stream, index, chunks } = event.data
    const key = `${event.execution_id} ${ordinal} ${stream}`
    if (key !== this.#stream || index === 0) this.#line(event, dim(`~ ${plain(stream)}`))
    this.#stream = key
    this.#out.piece(this.#how.channel, chunks.map(pieceOf).join(''))
  }
}

const pieceOf = (chunk: unknown): string =>
  typeof chunk === 'string' ? chunk.split('\n').map(plain).join('\n') : `${plain(JSON.stringify(chunk))}\n`

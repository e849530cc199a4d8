// What the command says, and where. Data is on stdout: for people as lines, for programs (`--json`) as one JSON document a line
// and nothing else. What goes on meanwhile is on stderr, so that a pipe carries data alone; on a terminal its last line moves.

import { asShown, bad, dim } from './style.ts'
import { cut, widthOf, wrapped } from './text.ts'

const BAR_CHARS = 24
/** No redraw comes sooner than this after the last, so that fast progress does not flicker. */
const REDRAW_MS = 60
const ERASE_LINE = '\r\u001B[K'

/** What was asked for, or what goes on meanwhile. */
export type Channel = 'data' | 'notes'

export class Output {
  readonly json: boolean
  /** Whether stderr has a line that may move. */
  readonly #moves: boolean
  #live = ''
  #drawn_ms = 0
  #prompt: (() => void) | null = null
  /** Where a line is begun and not ended. */
  #unended: NodeJS.WriteStream | null = null

  constructor(json: boolean) {
    this.json = json
    this.#moves = !json && process.stderr.isTTY && process.env['TERM'] !== 'dumb'
  }

  /** What fits beside each other. Without a terminal nothing is cut, unless COLUMNS says where. */
  get columns(): number {
    return process.stdout.columns || Number(process.env['COLUMNS']) || Number.POSITIVE_INFINITY
  }

  /** Somebody is there, to be asked. */
  get isInteractive(): boolean {
    return this.#moves && process.stdin.isTTY
  }

  /** Data, for people. */
  line(text = ''): void {
    if (!this.json) this.#write(process.stdout, text)
  }

  /** What goes on, for people. */
  note(text = ''): void {
    if (!this.json) this.#write(process.stderr, text)
  }

  /** Data, for programs. */
  record(value: object): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`)
  }

  /** For people: as data, or as a note. */
  say(channel: Channel, text: string): void {
    if (channel === 'data') this.line(text)
    else this.note(text)
  }

  /** A piece of a line, for people; the line ends when something else is said. */
  piece(channel: Channel, text: string): void {
    if (this.json || text === '') return
    this.#erase()
    const stream = streamOf(channel)
    stream.write(text)
    this.#unended = text.endsWith('\n') ? null : stream
  }

  /** For people, in both modes. */
  notice(text: string): void {
    this.#write(process.stderr, text)
  }

  /** For people, in both modes: what went wrong, and what to do. */
  problem(text: string, advice: string): void {
    this.notice(`${bad('✖')} ${text}\n  ${advice}`)
  }

  /** A paragraph: broken between words at the screen's edge, its further lines under its first. */
  paragraph(mark: string, text: string, say: (line: string) => void = (line) => this.line(line)): void {
    const indent = ' '.repeat(widthOf(mark))
    wrapped(text, this.columns - indent.length).forEach((line, i) => say(`${i === 0 ? mark : indent}${line}`))
  }

  /** The moving line, on a terminal alone. `total` null: it is not known. */
  progress(label: string, done: number, total: number | null, note: string): void {
    if (!this.#moves || this.#prompt !== null) return
    const share = total === null || total === 0 ? 0 : Math.min(1, done / total)
    const full = Math.round(share * BAR_CHARS)
    const bar = total === null ? '' : `${'█'.repeat(full)}${dim('░'.repeat(BAR_CHARS - full))} `
    const percent = total === null ? '' : `${Math.floor(share * 100)}%  `
    const before = `  ${label}  ${bar}${percent}`
    const room = (process.stderr.columns || Number.POSITIVE_INFINITY) - 1 - widthOf(before)
    this.#live = `${before}${room > 1 ? dim(cut(note, room)) : ''}`
    if (Date.now() - this.#drawn_ms >= REDRAW_MS) this.#draw()
  }

  endProgress(): void {
    this.#erase()
    this.#live = ''
  }

  /** While somebody types an answer at the bottom: `redraw` writes the question again, below what was said meanwhile. */
  hold(redraw: (() => void) | null): void {
    this.endProgress()
    this.#prompt = redraw
  }

  #write(stream: NodeJS.WriteStream, line: string): void {
    this.#unended?.write('\n')
    this.#unended = null
    this.#erase()
    stream.write(`${asShown(line, stream)}\n`)
    if (this.#prompt === null) this.#draw()
    else this.#prompt()
  }

  #draw(): void {
    if (this.#live === '') return
    this.#drawn_ms = Date.now()
    process.stderr.write(ERASE_LINE + asShown(this.#live, process.stderr))
  }

  #erase(): void {
    const isDrawn = this.#unended === null && (this.#live !== '' || this.#prompt !== null)
    if (isDrawn) process.stderr.write(ERASE_LINE)
  }
}

const streamOf = (channel: Channel): NodeJS.WriteStream => (channel === 'data' ? process.stdout : process.stderr)

// What the command says. For people: lines, and on a terminal one line at the bottom that moves. For programs (`--json`): one JSON
// document a line on stdout, and nothing else there.

import { stripVTControlCharacters, styleText } from 'node:util'

const BAR_CHARS = 24
/** No redraw comes sooner than this after the last, so that fast progress does not flicker. */
const REDRAW_MS = 60
const DEFAULT_COLUMNS = 100

export class Output {
  readonly json: boolean
  readonly #isTerminal: boolean
  #live = ''
  #drawn_ms = 0

  constructor(json: boolean) {
    this.json = json
    this.#isTerminal = !json && process.stdout.isTTY
  }

  get columns(): number {
    return process.stdout.columns ?? DEFAULT_COLUMNS
  }

  /** For people. */
  line(text = ''): void {
    if (this.json) return
    this.#clear()
    process.stdout.write(`${text}\n`)
    this.#draw()
  }

  /** For programs. */
  record(value: object): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`)
  }

  /** For people, in both modes: what went wrong, and what to do. */
  problem(text: string, advice: string): void {
    this.#clear()
    process.stderr.write(`${styleText('red', '✖', { stream: process.stderr })} ${text}\n  ${advice}\n`)
  }

  /** A paragraph: broken between words at the screen's edge, its further lines under its first. */
  paragraph(mark: string, text: string): void {
    const indent = ' '.repeat(stripVTControlCharacters(mark).length)
    const lines = wrapped(text, this.columns - indent.length)
    lines.forEach((line, i) => this.line(`${i === 0 ? mark : indent}${line}`))
  }

  /** The moving line, on a terminal alone. `total` null: it is not known. */
  progress(label: string, done: number, total: number | null, note: string): void {
    if (!this.#isTerminal) return
    const share = total === null || total === 0 ? 0 : Math.min(1, done / total)
    const full = Math.round(share * BAR_CHARS)
    const bar = total === null ? '' : `${'█'.repeat(full)}${styleText('dim', '░'.repeat(BAR_CHARS - full))} `
    const percent = total === null ? '' : `${Math.floor(share * 100)}%  `
    const before = `  ${label}  ${bar}${percent}`
    const room = Math.max(0, this.columns - 1 - stripVTControlCharacters(before).length)
    this.#live = `${before}${styleText('dim', note.slice(0, room))}`
    if (Date.now() - this.#drawn_ms >= REDRAW_MS) this.#draw()
  }

  endProgress(): void {
    this.#clear()
    this.#live = ''
  }

  #draw(): void {
    if (this.#live === '') return
    this.#drawn_ms = Date.now()
    process.stdout.write(`\r\u001B[K${this.#live}`)
  }

  #clear(): void {
    if (this.#live !== '') process.stdout.write('\r\u001B[K')
  }
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

export const bold = (text: string): string => styleText('bold', text)
export const dim = (text: string): string => styleText('dim', text)
export const good = (text: string): string => styleText('green', text)
export const bad = (text: string): string => styleText('red', text)
export const careful = (text: string): string => styleText('yellow', text)

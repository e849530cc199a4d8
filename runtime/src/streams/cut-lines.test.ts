// A reader's line is cut behind every single byte of an answer, while the stream is written. Whatever it has seen by then is the beginning
// of what was written, and from its offset it goes on as if nothing had happened. The streams are in the logs of sessions, on a disk.

import assert from 'node:assert/strict'
import { get } from 'node:http'
import { test } from 'node:test'

import { startFixture } from './testing/fixture/server.ts'
import { type Line, openLine } from './testing/line.ts'

/** An answer is shorter; one that is not yet whole by then fails the test. */
const BYTES_MAX = 2_000
/** Readers of a kind, each with a stream of its own and every so many bytes. */
const READERS = 4

interface Answer {
  headers: Record<string, string | string[] | undefined>
  text: string
  isWhole: boolean
}

/** What came, whole or not. `enough`: the reader has what it wants and leaves. */
function ask(url: string, enough: (text: string) => boolean): Promise<Answer> {
  const answer: Answer = { headers: {}, text: '', isWhole: false }
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const request = get(url, { agent: false }, (response) => {
    answer.headers = response.headers
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      answer.text += text
      if (enough(answer.text)) request.destroy()
    })
    response.on('error', () => {})
    response.on('close', () => {
      answer.isWhole = response.complete || enough(answer.text)
      resolve(answer)
    })
  })
  request.on('error', () => resolve(answer))
  return promise
}

/** How a kind of reader understands what came: numbers it has seen for good, those that may still come again, and its offset. */
interface Seen {
  numbers: number[]
  unsure: number[]
  offset: string | null
}

const NOTHING: Seen = { numbers: [], unsure: [], offset: null }
const never = () => false

function inArray({ headers, text, isWhole }: Answer): Seen {
  if (!isWhole) return { ...NOTHING, unsure: numbersIn(text) }
  return { numbers: numbersIn(text), unsure: [], offset: String(headers['stream-next-offset']) }
}

/** A pair of data and control counts when the control has come. */
function inEvents({ text }: Answer): Seen {
  const seen: Seen = { numbers: [], unsure: [], offset: null }
  for (const block of text.split('\n\n').slice(0, -1)) {
    if (block.startsWith('event: data')) seen.unsure = numbersIn(block)
    if (!block.startsWith('event: control')) continue
    seen.numbers.push(...seen.unsure.splice(0))
    seen.offset = /"streamNextOffset":"(\d{16})"/.exec(block)?.[1] ?? null
  }
  return seen
}

/** Of elements that are there to their end. */
const numbersIn = (text: string): number[] => [...text.matchAll(/\{"n":(\d+)\}/g)].map(([, n]) => Number(n))

/** The second control is behind something new. */
const hasHeard = (text: string): boolean => /event: data[^]*event: control[^]*\n\n$/.test(text)

interface Kind {
  name: string
  query: string
  enough: (text: string) => boolean
  understand: (answer: Answer) => Seen
}

const CATCH_UP: Kind = { name: 'catch-up', query: '', enough: never, understand: inArray }
const KINDS: Kind[] = [
  CATCH_UP,
  { name: 'long-poll', query: '&live=long-poll', enough: never, understand: inArray },
  { name: 'server-sent events', query: '&live=sse', enough: hasHeard, understand: inEvents },
]

class Reader {
  readonly #address: string
  readonly #kind: Kind
  readonly #line: Line
  #written = 0
  #seen = 0
  #offset = '-1'

  constructor(line: Line, path: string, kind: Kind) {
    this.#line = line
    this.#address = path
    this.#kind = kind
  }

  async begin(): Promise<void> {
    const made = await fetch(this.#line.target + this.#address, { method: 'PUT', headers: JSON_TYPE })
    assert.equal(made.status, 201)
  }

  /** Reads with a cut behind so many bytes while a number is written, and then to the end. True if the answer came whole. */
  async cutBehind(bytes: number): Promise<boolean> {
    this.#line.bytesToReader = bytes
    // So that there is something to be cut, whoever is first.
    if (this.#kind === CATCH_UP) await this.#write()
    const writing = this.#write()
    const isWhole = this.#take(await this.#ask(this.#line.url, this.#kind), bytes)
    await writing
    this.#take(await this.#ask(this.#line.target, CATCH_UP), bytes, inArray)
    assert.equal(this.#seen, this.#written, `all is seen after a cut behind ${bytes} bytes`)
    return isWhole
  }

  #ask(url: string, { query, enough }: Kind): Promise<Answer> {
    return ask(`${url}${this.#address}?offset=${this.#offset}${query}`, enough)
  }

  async #write(): Promise<void> {
    const body = JSON.stringify([{ n: this.#written++ }])
    const { status } = await fetch(this.#line.target + this.#address, { method: 'POST', headers: JSON_TYPE, body })
    assert.equal(status, 204)
  }

  #take(answer: Answer, bytes: number, understand = this.#kind.understand): boolean {
    const { numbers, unsure, offset } = understand(answer)
    const following = [...numbers, ...unsure].map((_, i) => this.#seen + i)
    assert.deepEqual([...numbers, ...unsure], following, `${this.#kind.name}, cut behind ${bytes} bytes`)
    this.#seen += numbers.length
    this.#offset = offset ?? this.#offset
    return answer.isWhole
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

for (const kind of KINDS) {
  test(`${kind.name}: wherever the line is cut, what was seen is a beginning, and the rest follows`, async () => {
    await using fixture = await startFixture('in logs')
    let longest = 0
    const read = async (first: number): Promise<void> => {
      await using line = await openLine(fixture.url)
      const reader = new Reader(line, `/v1/stream/${first}`, kind)
      await reader.begin()
      for (let bytes = first; ; bytes += READERS) {
        assert.ok(bytes < BYTES_MAX, 'an answer ends')
        longest = Math.max(longest, bytes)
        if (await reader.cutBehind(bytes)) break
      }
    }
    await Promise.all(Array.from({ length: READERS }, (_, first) => read(first)))
    assert.ok(longest > 300, `an answer of ${longest} bytes was cut`)
  })
}

// Followers' lines are cut behind every single byte of an answer, while their session is written to. What each has seen is always a
// beginning of the log, and in the end it is the log. (How a runtime's own answers stand it: runtime/src/streams/cut-lines.test.ts.)

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { type Client, createClient } from './client.ts'
import { type Change, type Surroundings, surroundingsHere } from './surroundings.ts'
import { type CuttableLine, type RuntimeProcess, TRIAL_REALM, openLine, startRuntime } from './testing/testing.ts'

/** An answer is shorter; one that is not yet whole by then fails the test. */
const BYTES_MAX = 2_000
/** An answer is longer, with its headers. */
const BYTES_MIN = 300
/** Each is cut behind every so many bytes. */
const FOLLOWERS = 16
const WAIT_MS_MAX = 20_000

const tenantId = 'acme'
let runtime: RuntimeProcess
let direct: Client

before(async () => {
  runtime = await startRuntime(TRIAL_REALM)
  direct = createClient({ url: `${runtime.url}/api`, tenantId })
})
after(() => runtime[Symbol.asyncDispose]())

const WAYS = ['sse', 'shared'] as const

/** Follows a session through a line that is cut. */
class Follower {
  readonly seen: Event[] = []
  /** The end of the log that it reached last. */
  caughtUp = 0
  /** How often it did. */
  times = 0
  wasCut = false
  readonly #line: CuttableLine
  readonly #ears = new Set<(change: Change) => void>()
  #ring = () => {}

  constructor(line: CuttableLine) {
    this.#line = line
    line.onCut = () => {
      this.wasCut = true
      this.#ring()
    }
  }

  async follow(sessionId: string, way: (typeof WAYS)[number]): Promise<void> {
    const { url } = this.#line
    // What is cut is the stream, or the socket: its requests are cut as those of the other.
    const around: typeof fetch = (input, init) => fetch(String(input).replace(url, runtime.url), init)
    const surroundings = this.#surroundings()
    const options = { url: `${url}/api`, tenantId, surroundings, ...(way === 'shared' ? { fetch: around } : {}) }
    const onCaughtUp = (offset: string) => {
      this.caughtUp = Number(offset)
      this.times++
      this.#ring()
    }
    const how = { live: way, onCaughtUp, onStatus: () => this.#hurry() }
    for await (const { event } of createClient(options).follow(sessionId, how)) this.seen.push(event)
  }

  /** The line is lost, and the next one is cut behind so many bytes. */
  cutBehind(bytes: number): void {
    this.wasCut = false
    this.#line.bytesToClient = bytes
    this.#line.cut()
  }

  /** Lines hold again. */
  mend(): void {
    this.#line.bytesToClient = null
  }

  async until(isSo: () => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS_MAX
    while (!isSo()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#ring = resolve
      const late = setTimeout(resolve, end - Date.now())
      await promise
      clearTimeout(late)
      if (Date.now() >= end) throw new Error(`Waited in vain, at ${this.caughtUp}.`)
    }
  }

  #surroundings(): Surroundings {
    const onChange: Surroundings['onChange'] = (hear) => {
      this.#ears.add(hear)
      return () => this.#ears.delete(hear)
    }
    return { ...surroundingsHere(), onChange }
  }

  /** No pause is waited for: the network is back. */
  #hurry(): void {
    setImmediate(() => this.#ears.forEach((hear) => hear('online')))
  }
}

function assertBeginning({ seen }: Follower, bytes: number): void {
  const seqs = seen.map(({ seq }) => seq)
  const beginning = seen.map((_, index) => index + 1)
  assert.deepEqual(seqs, beginning, `cut behind ${bytes} bytes`)
}

/** A session in which one execution waits, so that each signal to it is one event more. */
async function beginSession() {
  const { session_id, execution_id } = await direct.submit('trial_bench.sleep', { ms: 600_000 })
  for await (const { event } of direct.follow(session_id)) {
    if (event.type !== 'execution.waiting') continue
    return { session_id, execution_id, written: event.seq }
  }
  return assert.fail('it does not wait')
}

for (const way of WAYS) {
  test(`${way}: wherever the line is cut, what was seen is a beginning, and the rest follows`, async () => {
    const session = await beginSession()
    await using lines = new AsyncDisposableStack()
    const followers: Follower[] = []
    const following: Promise<void>[] = []
    for (let n = 0; n < FOLLOWERS; n++) {
      const follower = new Follower(lines.use(await openLine(runtime.url)))
      followers.push(follower)
      following.push(follower.follow(session.session_id, way))
    }
    const hasAll = ({ caughtUp }: Follower) => caughtUp >= session.written
    // The second time it was told so by the socket: sockets that never opened would be given up.
    const isThere = (each: Follower) => hasAll(each) && each.times >= (way === 'shared' ? 2 : 1)
    await Promise.all(followers.map((each) => each.until(() => isThere(each))))

    let bytes = 0
    for (let areCut = true; areCut; bytes += FOLLOWERS) {
      assert.ok(bytes < BYTES_MAX, 'an answer ends')
      followers.forEach((each, n) => each.cutBehind(bytes + n))
      await direct.signal(session.execution_id, 'anything')
      session.written++
      await Promise.all(followers.map((each) => each.until(() => each.wasCut || hasAll(each))))
      areCut = followers.some(({ wasCut }) => wasCut)
      followers.forEach((each, n) => assertBeginning(each, bytes + n))
      // Else what could not come piles up, and the next answer is longer.
      followers.forEach((each) => each.mend())
      await Promise.all(followers.map((each) => each.until(() => hasAll(each))))
    }
    assert.ok(bytes > BYTES_MIN, `an answer of ${bytes} bytes was cut`)

    await direct.cancel(session.execution_id)
    await direct.closeSession(session.session_id)
    await Promise.all(following)
    const log = await Array.fromAsync(direct.follow(session.session_id), ({ event }) => event)
    for (const { seen } of followers) assert.deepEqual(seen, log)
  })
}

// Everything that there is, read back: each log from its first event to its last, each execution, each fact, each artifact.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { Event, Execution, Session, StateValue } from '@biplane/protocol'

import type { Door } from '../authority/house.ts'
import { TENANT } from './stage.ts'

export interface ReadBack {
  executions: number
  facts: number
  artifacts: number
  /** By session: the SHA-256 of each event, in order. */
  logs: Map<string, string[]>
}

interface Page {
  items: Record<string, unknown>[]
  next: string | null
}

const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** `artifacts`: ids that were given out. @throws Error at the first that cannot be read, or is not as its schema says */
export async function readBack(door: Door, token: string, artifacts: Iterable<string>): Promise<ReadBack> {
  const reader = new Reader(door, token)
  const logs = new Map<string, string[]>()
  let facts = await reader.facts(`/tenant/${TENANT}/state`)
  for await (const item of reader.pages('/session')) {
    const { session_id } = Session.parse(item)
    logs.set(session_id, await reader.log(session_id))
    facts += await reader.facts(`/session/${session_id}/state`)
  }
  const executions = await reader.executions()
  return { executions, facts, artifacts: await reader.artifacts(artifacts), logs }
}

/** What was there is there, and unchanged; there may be more. */
export function assertKept(before: ReadBack, after: ReadBack): void {
  for (const [session, log] of before.logs) {
    assert.deepEqual(after.logs.get(session)?.slice(0, log.length), log, `the log of ${session} is another one`)
  }
  assert.ok(after.executions >= before.executions && after.facts >= before.facts)
}

class Reader {
  readonly #url: string
  readonly #headers: Record<string, string>

  constructor({ url }: Door, token: string) {
    this.#url = `${url}/api`
    this.#headers = { authorization: `Bearer ${token}` }
  }

  async *pages(path: string): AsyncGenerator<Record<string, unknown>> {
    let query = ''
    for (;;) {
      const { items, next } = (await (await this.#get(path + query)).json()) as Page
      yield* items
      if (next === null) return
      query = `?after=${encodeURIComponent(next)}`
    }
  }

  async log(session: string): Promise<string[]> {
    const log: string[] = []
    let offset = '-1'
    for (;;) {
      const answer = await this.#get(`/session/${session}/events?offset=${offset}`)
      for (const event of (await answer.json()) as unknown[]) {
        assert.equal(Event.parse(event).seq, log.length + 1, `${session} has a gap`)
        log.push(sha256Of(JSON.stringify(event)))
      }
      offset = answer.headers.get('stream-next-offset') ?? ''
      if (answer.headers.get('stream-up-to-date') === 'true') return log
    }
  }

  /** How many there are; each is listed, and read by its key. */
  async facts(path: string): Promise<number> {
    let count = 0
    for await (const item of this.pages(path)) {
      const fact = StateValue.parse(item)
      const one: unknown = await (
        await this.#get(`${path}/${fact.key.split('/').map(encodeURIComponent).join('/')}`)
      ).json()
      assert.deepEqual(StateValue.parse(one), fact)
      count++
    }
    return count
  }

  async executions(): Promise<number> {
    let count = 0
    for await (const { execution_id } of this.pages('/execution')) {
      const { execution } = (await (await this.#get(`/execution/${String(execution_id)}`)).json()) as {
        execution: unknown
      }
      Execution.parse(execution)
      count++
    }
    return count
  }

  async artifacts(ids: Iterable<string>): Promise<number> {
    const all = new Set(ids)
    for (const id of all) {
      const bytes = new Uint8Array(await (await this.#get(`/artifact/${id}`)).arrayBuffer())
      assert.equal(`art_${sha256Of(bytes)}`, id)
    }
    return all.size
  }

  async #get(path: string): Promise<Response> {
    const answer = await fetch(this.#url + path, { headers: this.#headers })
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer
  }
}

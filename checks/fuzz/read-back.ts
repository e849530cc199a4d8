// Everything that there is, read back: each log from its first event to its last, each execution, each fact, each artifact.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { Event, Execution, Session, StateValue } from '@biplane/protocol'

import { type Door } from '../authority/house.ts'
import { TENANT } from './stage.ts'

export interface ReadBack {
  sessions: number
  events: number
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

const ARTIFACT = /art_[0-9a-f]{64}/g

/** @throws AssertionError, or what a schema objects to, at the first that cannot be read */
export async function readBack({ url }: Door, token: string): Promise<ReadBack> {
  const named = new Set<string>()
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${token}` } })
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer
  }
  async function* pages(path: string) {
    for (let next: string | null = '', query = path; next !== null; query = `${path}?after=${encodeURIComponent(next ?? '')}`) {
      const page = (await (await get(query)).json()) as Page
      yield* page.items
      next = page.next
    }
  }
  async function readLog(id: string): Promise<string[]> {
    const log: string[] = []
    for (let offset = '-1'; ; ) {
      const answer = await get(`/session/${id}/events?offset=${offset}`)
      const events = (await answer.json()) as unknown[]
      for (const event of events) {
        const { seq } = Event.parse(event)
        assert.equal(seq, log.length + 1, `${id} has a gap`)
        log.push(createHash('sha256').update(JSON.stringify(event)).digest('hex'))
      }
      offset = answer.headers.get('stream-next-offset') ?? ''
      if (answer.headers.get('stream-up-to-date') === 'true') return log
    }
  }
  async function readFacts(path: string): Promise<number> {
    let facts = 0
    for await (const item of pages(path)) {
      const fact = StateValue.parse(item)
      const one: unknown = await (await get(`${path}/${fact.key.split('/').map(encodeURIComponent).join('/')}`)).json()
      assert.deepEqual(StateValue.parse(one), fact)
      facts++
    }
    return facts
  }
  const all: ReadBack = { sessions: 0, events: 0, executions: 0, facts: await readFacts(`/tenant/${TENANT}/state`), artifacts: 0, logs: new Map() }
  for await (const item of pages('/session')) {
    const { session_id } = Session.parse(item)
    const log = await readLog(session_id)
    all.logs.set(session_id, log)
    all.sessions++
    all.events += log.length
    all.facts += await readFacts(`/session/${session_id}/state`)
  }
  for await (const { execution_id } of pages('/execution')) {
    const text = await (await get(`/execution/${String(execution_id)}`)).text()
    Execution.parse((JSON.parse(text) as { execution: unknown }).execution)
    for (const [id] of text.matchAll(ARTIFACT)) named.add(id)
    all.executions++
  }
  return all
}

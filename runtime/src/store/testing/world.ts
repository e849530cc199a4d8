// Random commands and every read over a small world, so that commands meet: two tenants, few sessions, executions and keys. Worlds
// may share a store, for each has ids of its own.

import {
  type ArtifactId,
  type ExecutionId,
  type SessionId,
  type Status,
  type TenantId,
  artifactIdOf,
  newExecutionId,
  newIntentId,
  newSessionId,
} from '@biplane/protocol'

import type * as port from '../port.ts'
import { type Name, PAGE, type Subject } from './subject.ts'

type Home = Pick<Name, 'tenant_id' | 'session_id'>

/** Something to ask of a store. */
export type Ask = (store: port.Store) => Promise<unknown>

const STATUSES: readonly Status[] = [
  'running',
  'running',
  'running',
  'running',
  'waiting',
  'compensating',
  'completed',
  'cancelled',
]
const KEYS = ['a', 'b', 'c', 'd'] as const
const VALUES = ['1', '"naïve"', null] as const
const LATER_MS = [0, 0, 1, 50, 1_000] as const

/** Draws from given numbers, and then the first of everything. */
export class Chance {
  readonly #choices: readonly number[]
  #at = 0

  constructor(choices: readonly number[]) {
    this.#choices = choices
  }

  below(count: number): number {
    return (this.#choices[this.#at++] ?? 0) % count
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  some<T>(items: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.of(items))
  }

  once(inTimes: number): boolean {
    return this.below(inTimes) === inTimes - 1
  }
}

export class World {
  readonly #subject: Subject
  readonly #tenants: readonly [TenantId, TenantId]
  readonly #sessions: readonly Home[]
  readonly #executions: readonly Name[]
  readonly #artifacts: readonly ArtifactId[]

  constructor(subject: Subject) {
    const mint = newSessionId(subject.ids)
    this.#subject = subject
    this.#tenants = [`acme.${mint}`, `other.${mint}`]
    this.#sessions = [0, 1, 2].map((i) => ({
      tenant_id: this.#tenants[i === 0 ? 0 : 1],
      session_id: newSessionId(subject.ids),
    }))
    this.#executions = [0, 1, 2, 3, 4, 5].map((i) => ({
      ...(this.#sessions[i % 3] as Home),
      execution_id: newExecutionId(subject.ids),
    }))
    this.#artifacts = ['a', 'b'].map((digit) => artifactIdOf(digit.repeat(64)))
  }

  /** Commands to begin with: every session, with an execution in each. */
  begin(): Ask[] {
    const none = new Chance([])
    return this.#executions.slice(0, 3).flatMap((name) => [this.#create(none, name), this.#accept(none, name)])
  }

  command(chance: Chance): Ask {
    this.#subject.clock.now_ms += chance.of(LATER_MS)
    const kind = chance.below(26)
    if (kind < 1) return this.#create(chance, this.#at(chance, chance.of(this.#sessions)))
    if (kind < 6) return this.#accept(chance, this.#at(chance, chance.of(this.#executions)))
    if (kind < 21) return this.#record(chance)
    if (kind === 21) return this.#close(chance)
    return kind < 24 ? this.#sweep(chance) : this.#cut(chance)
  }

  /** Every read of the port, in pages of `limit`. */
  reads(limit: number): Ask[] {
    const tenants = this.#tenants.flatMap((tenant): Ask[] => [
      (store) => pages((after) => store.listSessions(tenant, after, limit)),
      (store) => pages((after) => store.listExecutions({ tenant_id: tenant }, after, limit)),
      (store) => pages((after) => store.listExecutions({ tenant_id: tenant, status: 'running' }, after, limit)),
      (store) => pages((after) => store.listState('tenant', tenant, '', after, limit)),
      (store) => store.unreferenced(tenant, [...this.#artifacts]),
      (store) => store.tenantHead(tenant),
      (store) => feed(store, tenant, limit),
    ])
    const sessions = this.#sessions.flatMap(({ tenant_id, session_id }): Ask[] => [
      (store) => store.getSession(tenant_id, session_id),
      (store) => store.sessionHead(session_id),
      (store) => entries((after) => store.readSession(session_id, after, limit)),
      (store) => pages((after) => store.listExecutions({ tenant_id, session_id }, after, limit)),
      (store) => pages((after) => store.listState('session', session_id, '', after, limit)),
    ])
    const executions = this.#executions.flatMap(({ tenant_id, execution_id }): Ask[] => [
      (store) => store.getExecution(tenant_id, execution_id),
      (store) => entries((after) => store.readExecution(execution_id, after, limit)),
    ])
    const all: Ask[] = [
      (store) => pages((after) => store.listUnfinished(after, PAGE)),
      (store) => pages((after) => store.listBegun('content.upload', 0, after, limit)),
      (store) => store.dueTimers(limit),
      (store) => this.#ownUncut(store),
    ]
    return [...tenants, ...sessions, ...executions, ...all]
  }

  #create(chance: Chance, { tenant_id, session_id }: Home): Ask {
    const key = chance.of([null, ...keysOf(chance, KEYS)])
    const command = this.#subject.createCommand(tenant_id, key)
    const session = { ...command.session, session_id, ...(chance.once(2) && { metadata: { n: [1] } }) }
    const lease = this.#lease(chance, session_id)
    return (store) => store.createSession({ ...command, lease, session })
  }

  #accept(chance: Chance, { tenant_id, session_id, execution_id }: Name): Ask {
    const command = this.#subject.acceptCommand(session_id, {}, tenant_id)
    const parent_id = chance.once(4) ? chance.of(this.#executions).execution_id : null
    const execution = {
      ...command.execution,
      execution_id,
      intent_id: newIntentId(this.#subject.ids),
      parent_id,
      ...(chance.once(2) && { began_ms: this.#subject.clock.now_ms, rate_lane: chance.of([null, 'a', 'b']) }),
    }
    const entries = this.#entries(chance, 1 + chance.below(2), execution_id)
    const keys = keysOf(chance, chance.some(KEYS, 2))
    const artifacts = chance.some(this.#artifacts, 1)
    const lease = this.#lease(chance, session_id)
    const set_timers = this.#timers(chance, execution_id)
    return (store) => store.acceptIntent({ lease, execution, keys, entries, artifacts, set_timers })
  }

  #record(chance: Chance): Ask {
    const name = this.#at(chance, chance.of(this.#executions.slice(0, 1 + chance.below(this.#executions.length))))
    const { execution_id } = name
    const command = this.#subject.recordCommand(name, {
      lease: this.#lease(chance, name.session_id),
      entries: this.#entries(chance, chance.below(4), execution_id),
      state: chance.some(['session', 'tenant'] as const, 2).map((scope) => stateWrite(chance, scope)),
      artifacts: chance.some(this.#artifacts, 1),
      status: chance.of(STATUSES),
      compensated: chance.once(4),
      set_timers: this.#timers(chance, execution_id),
      clear_timers: chance.some([1, 2, 3], 1),
      ...(chance.once(4) && { begins: { began_ms: this.#subject.clock.now_ms, rate_lane: chance.of([null, 'a']) } }),
    })
    return (store) => store.record(command)
  }

  /** Some are another execution's, as when a child wakes its parent. */
  #timers(chance: Chance, own: ExecutionId): port.Timer[] {
    const due_ms = this.#subject.clock.now_ms + chance.below(100)
    return chance.some([1, 2, 3], 2).map((ordinal) => {
      const execution_id = chance.once(3) ? chance.of(this.#executions).execution_id : own
      return { execution_id, ordinal, due_ms }
    })
  }

  #close(chance: Chance): Ask {
    const { tenant_id, session_id } = this.#at(chance, chance.of(this.#sessions))
    const closing = this.#subject.entry('session.closing')
    const lease = this.#lease(chance, session_id)
    return (store) => store.closeSession({ lease, tenant_id, session_id, closing })
  }

  #sweep(chance: Chance): Ask {
    const [before, limit] = [this.#subject.clock.now_ms - chance.below(100), 1 + chance.below(3)]
    return (store) => store.sweepKeys(before, limit)
  }

  #cut(chance: Chance): Ask {
    const { tenant_id, session_id } = this.#at(chance, chance.of(this.#sessions))
    const lease = this.#lease(chance, session_id)
    const [before_seq, entries_max] = [chance.below(300), 1 + chance.below(100)]
    const looked_ms = this.#subject.clock.now_ms
    return (store) => store.cutLog({ lease, tenant_id, session_id, before_seq, entries_max, looked_ms })
  }

  /** Other worlds in the store have sessions too. */
  async #ownUncut(store: port.Store): Promise<unknown> {
    const uncut = await store.listUncut(this.#subject.clock.now_ms, 1_000_000)
    const own = new Set(this.#sessions.map(({ session_id }) => session_id))
    return uncut.filter(({ session_id }) => own.has(session_id))
  }

  /** Now and then as the other tenant would ask. */
  #at<T extends { tenant_id: TenantId }>(chance: Chance, name: T): T {
    return chance.once(12) ? { ...name, tenant_id: chance.of(this.#tenants) } : name
  }

  /** Now and then one that was lost. */
  #lease(chance: Chance, session: SessionId): port.Lease {
    const lease = this.#subject.leaseOf(session)
    return chance.once(20) ? { ...lease, epoch: 0 } : lease
  }

  #entries(chance: Chance, count: number, execution: Name['execution_id']): port.NewEntry[] {
    const data = JSON.stringify({ text: 'x'.repeat(chance.below(200)) })
    return Array.from({ length: count }, (_, i) => this.#subject.entry(`step.${i}`, execution, data))
  }
}

const keysOf = (chance: Chance, keys: readonly string[]): port.RequestKey[] =>
  keys.map((key) => ({ key, body_hash: chance.once(4) ? 'other' : 'same' }))

function stateWrite(chance: Chance, scope: port.StateScope): port.StateWrite {
  const write = { scope, key: chance.of(['x', 'y']), value: chance.of(VALUES) }
  return chance.once(2) ? { ...write, revision: chance.below(4) } : write
}

async function pages<T>(page: (after: string | null) => Promise<port.PageOf<T>>): Promise<T[]> {
  const items: T[] = []
  let after: string | null = null
  do {
    const found: port.PageOf<T> = await page(after)
    items.push(...found.items)
    after = found.next
  } while (after !== null)
  return items
}

async function feed(store: port.Store, tenant: TenantId, limit: number): Promise<port.TenantPage> {
  const all = await store.readTenant(tenant, 0, limit)
  for (;;) {
    const { entries } = await store.readTenant(tenant, all.after + all.entries.length, limit)
    if (entries.length === 0) return all
    all.entries.push(...entries)
  }
}

async function entries(page: (afterSeq: number) => Promise<port.Entry[]>): Promise<port.Entry[]> {
  const all: port.Entry[] = []
  for (;;) {
    const found = await page(all.at(-1)?.seq ?? 0)
    if (found.length === 0) return all
    all.push(...found)
  }
}

// A runtime on SQLite with a data folder of its own, as its users reach it: over HTTP.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  type AcceptedIntent,
  type Event,
  type Execution,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  type Session,
  type Status,
  isFinal,
} from '@biplane/protocol'
import type { Realm } from '@biplane/realm'
import { type RunningRuntime, createRuntime } from '@biplane/runtime'

import { json } from '../planes.ts'
import type { Decision, Seen, Stage } from './stage.ts'
import type { World } from './world.ts'

const WAIT_MS_MAX = 60_000
const LOOK_EVERY_MS = 10
const TENANT = 'gallery'
const quiet = { info: () => {}, warn: () => {}, error: () => {} }

const start = (dataFolder: string, realms: readonly Realm[]): Promise<RunningRuntime> =>
  createRuntime({ realms, dataFolder, log: quiet, watchdog: false })

export class SqliteStage implements Stage {
  readonly #world: World
  readonly #folder: string
  #realms: readonly Realm[]
  #running: RunningRuntime
  #session = ''

  private constructor(world: World, folder: string, realms: readonly Realm[], running: RunningRuntime) {
    this.#world = world
    this.#folder = folder
    this.#realms = realms
    this.#running = running
  }

  static async open(world: World, realms: readonly Realm[]): Promise<SqliteStage> {
    const folder = await mkdtemp(join(tmpdir(), 'biplane-gallery-'))
    const stage = new SqliteStage(world, folder, realms, await start(folder, realms))
    const { session } = await json<{ session: Session }>(stage.#at('session/create'), { tenant_id: TENANT })
    stage.#session = session.session_id
    return stage
  }

  now(): number {
    return Date.now()
  }

  async begin(intent_type: string, payload: unknown): Promise<string> {
    const [realm = ''] = intent_type.split('.')
    const envelope = { intent_type, realm, session_id: this.#session, tenant_id: TENANT, payload }
    return (await json<AcceptedIntent>(this.#at('intent/submit'), envelope)).execution_id
  }

  async look(id: string): Promise<Seen> {
    return (await json<{ execution: Execution }>(this.#at(`execution/${id}?tenant_id=${TENANT}`))).execution
  }

  async until(id: string, status: Status): Promise<Seen> {
    await this.when(async () => (await this.#status(id)) === status, `${id} ${status}`)
    return this.look(id)
  }

  async end(id: string): Promise<Seen> {
    await this.when(async () => isFinal(await this.#status(id)), `the end of ${id}`)
    return this.look(id)
  }

  async when(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS_MAX
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what} did not come within ${WAIT_MS_MAX} ms`)
      await sleep(LOOK_EVERY_MS)
    }
  }

  signal(id: string, name: string, payload: unknown = null): Promise<string | null> {
    return this.#send(id, { name, payload })
  }

  decide(id: string, name: string, decision: Decision): Promise<string | null> {
    return this.#send(id, { name, ...decision })
  }

  async resume(id: string, reason: string): Promise<void> {
    await json(this.#at(`execution/${id}/resume`), { tenant_id: TENANT, reason })
  }

  async fork(id: string, through: number): Promise<string> {
    return (await json<AcceptedIntent>(this.#at(`execution/${id}/fork`), { tenant_id: TENANT, through })).execution_id
  }

  async events(): Promise<Event[]> {
    const events: Event[] = []
    for (let offset = '-1'; ;) {
      const response = await fetch(this.#at(`session/${this.#session}/events?tenant_id=${TENANT}&offset=${offset}`))
      events.push(...((await response.json()) as Event[]))
      if (response.headers.has(STREAM_UP_TO_DATE)) return events
      offset = response.headers.get(STREAM_NEXT_OFFSET) ?? ''
    }
  }

  async restart(realms: readonly Realm[] = this.#realms): Promise<void> {
    await this.#running.close()
    this.#world.forgetProcess()
    this.#realms = realms
    this.#running = await start(this.#folder, realms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.close()
    await rm(this.#folder, { recursive: true })
  }

  #at(path: string): string {
    return `${this.#running.url}/api/${path}`
  }

  async #send(id: string, signal: object): Promise<string | null> {
    const response = await fetch(this.#at(`execution/${id}/signal`), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant_id: TENANT, ...signal }),
    })
    return ((await response.json()) as { code?: string }).code ?? null
  }

  async #status(id: string): Promise<Status> {
    return (await json<{ status: Status }>(this.#at(`execution/${id}/status?tenant_id=${TENANT}`))).status
  }
}

// A reader of docs/realms.md: starts a runtime with modules of the page, and makes the calls that the page makes.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { type AcceptedIntent, type Event, type Execution, type Status, isFinal } from '@biplane/protocol'

import { type Plane, json, startRuntime, stop } from './planes.ts'
import type { Command, Page } from './realms-guide-page.ts'

const TENANT = 'acme'
const LOOK_EVERY_MS = 20
const WAIT_MS_MAX = 20_000

/** Ended, or waiting for a person. */
export const isAtRest = (status: Status): boolean => isFinal(status) || status === 'paused' || status === 'parked'
export const isWaiting = (status: Status): boolean => status === 'waiting'

/** Each step as its name, its key if it has one, how it stands, and its attempts. */
export const stepsOf = ({ steps }: Execution): string[] =>
  steps.map(({ name, key, status, attempts }) => `${name}${key === undefined ? '' : `/${key}`} ${status} ${attempts}`)

export class Reader {
  readonly #page: Page
  readonly #plane: Plane

  private constructor(page: Page, plane: Plane) {
    this.#page = page
    this.#plane = plane
  }

  /** Data of the same name is gone on with. */
  static async start(page: Page, data: string, realms: readonly string[]): Promise<Reader> {
    const BIPLANE_CONFIG = await page.configure(`${data}.ts`, realms)
    return new Reader(page, await startRuntime(join(page.folder, data), { BIPLANE_CONFIG }))
  }

  get url(): string {
    return this.#plane.url
  }

  stop(): Promise<void> {
    return stop(this.#plane)
  }

  async session(): Promise<string> {
    const made = await this.#api<{ session: { session_id: string } }>('session/create', { tenant_id: TENANT })
    return made.session.session_id
  }

  async begin(intent_type: string, payload: object, session?: string): Promise<AcceptedIntent> {
    const session_id = session ?? (await this.session())
    const realm = intent_type.split('.')[0]
    return this.#api('intent/submit', { intent_type, realm, session_id, tenant_id: TENANT, payload })
  }

  async until(id: string, reached: (status: Status) => boolean): Promise<Execution> {
    for (let waited_ms = 0; ; waited_ms += LOOK_EVERY_MS) {
      const { execution } = await this.#api<{ execution: Execution }>(`execution/${id}?tenant_id=${TENANT}`)
      if (reached(execution.status)) return execution
      if (waited_ms > WAIT_MS_MAX) throw new Error(`It did not come so far: ${JSON.stringify(execution)}`)
      await pause(LOOK_EVERY_MS)
    }
  }

  events(session: string): Promise<Event[]> {
    return this.#api(`session/${session}/events?tenant_id=${TENANT}`)
  }

  signal(id: string, name: string): Promise<unknown> {
    return this.#api(`execution/${id}/signal`, { tenant_id: TENANT, name })
  }

  ask(query_type: string, payload: object): Promise<unknown> {
    return this.#api('query', { query_type, realm: query_type.split('.')[0], tenant_id: TENANT, payload })
  }

  /** Does the one command of the page that has these words. */
  async command(words: readonly string[], EXECUTION: string): Promise<{ execution_id: string; status: Status }> {
    const fits = ({ url, init }: Command) => words.every((word) => `${url} ${String(init.body)}`.includes(word))
    const [found, ...others] = this.#page.commands({ RUNTIME: this.url, EXECUTION }).filter(fits)
    assert.ok(found && others.length === 0, `The page must have one command with ${words.join(' and ')}.`)
    const response = await fetch(found.url, found.init)
    assert.equal(response.status, 202, await response.clone().text())
    return (await response.json()) as { execution_id: string; status: Status }
  }

  #api<T>(path: string, body?: object): Promise<T> {
    return json(`${this.url}/api/${path}`, body)
  }
}

// For tests: a real runtime on a free port with a data folder of its own, and the few calls that tests make.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Event, Execution, Status } from '@biplane/protocol'
import { isFinal } from '@biplane/protocol'
import type { Realm } from '@biplane/realm'

import { type RunningRuntime, type RuntimeOptions, createRuntime } from './runtime.ts'

const WAIT_MS_MAX = 20_000
const quiet = { info: () => {}, warn: () => {}, error: () => {} }

export interface Answer {
  status: number
  headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  body: any
}

export class TestRuntime {
  readonly folder: string
  readonly #realms: readonly Realm[]
  readonly #options: Partial<RuntimeOptions>
  #running: RunningRuntime

  private constructor(
    folder: string,
    realms: readonly Realm[],
    options: Partial<RuntimeOptions>,
    running: RunningRuntime,
  ) {
    this.folder = folder
    this.#realms = realms
    this.#options = options
    this.#running = running
  }

  static async start(realms: readonly Realm[], options: Partial<RuntimeOptions> = {}): Promise<TestRuntime> {
    const folder = await mkdtemp(join(tmpdir(), 'biplane-runtime-'))
    const running = await createRuntime({ realms, dataFolder: folder, log: quiet, watchdog: false, ...options })
    return new TestRuntime(folder, realms, options, running)
  }

  get url(): string {
    return this.#running.url
  }

  /** Stops and starts again on the same data, perhaps with changed realms. `meanwhile` has the folder for itself. */
  async restart(realms: readonly Realm[] = this.#realms, meanwhile?: (folder: string) => void): Promise<void> {
    await this.#running.close()
    meanwhile?.(this.folder)
    const options = { log: quiet, watchdog: false, ...this.#options }
    this.#running = await createRuntime({ realms, dataFolder: this.folder, ...options })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.close()
    await rm(this.folder, { recursive: true })
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...type, ...headers } }
    const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${this.url}${path}`, raw === undefined ? init : { ...init, body: raw })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  async session(tenant_id = 'acme'): Promise<string> {
    const { status, body } = await this.call('POST', '/api/session/create', { tenant_id })
    assert.equal(status, 201)
    return body.session.session_id
  }

  async submit(session_id: string, intent_type: string, payload: unknown = {}, more: object = {}): Promise<Answer> {
    const realm = intent_type.split('.')[0]
    const body = { intent_type, realm, session_id, tenant_id: 'acme', payload, ...more }
    return this.call('POST', '/api/intent/submit', body)
  }

  /** Submits and answers the execution's id. */
  async begin(session_id: string, intent_type: string, payload: unknown = {}): Promise<string> {
    const { status, body } = await this.submit(session_id, intent_type, payload)
    assert.equal(status, 202, JSON.stringify(body))
    return body.execution_id
  }

  async execution(id: string, tenant = 'acme'): Promise<Execution> {
    const { body } = await this.call('GET', `/api/execution/${id}?tenant_id=${tenant}`)
    return body.execution
  }

  /** Polls until the execution has a status; by default any final one. */
  async until(id: string, reached: (status: Status) => boolean = isFinal): Promise<Execution> {
    return waitFor(async () => {
      const execution = await this.execution(id)
      return reached(execution.status) ? execution : null
    }, `execution ${id}`)
  }

  async run(session_id: string, intent_type: string, payload: unknown = {}): Promise<Execution> {
    return this.until(await this.begin(session_id, intent_type, payload))
  }

  /** Does something to an execution: cancel, pause, resume, settle, retry, fork, signal. */
  operate(id: string, verb: string, body: object = {}): Promise<Answer> {
    return this.call('POST', `/api/execution/${id}/${verb}`, { tenant_id: 'acme', ...body })
  }

  async events(session_id: string, tenant = 'acme'): Promise<Event[]> {
    const { body } = await this.call('GET', `/api/session/${session_id}/events?tenant_id=${tenant}`)
    return body
  }

  async types(session_id: string): Promise<string[]> {
    return (await this.events(session_id)).map(({ type }) => type)
  }
}

/** Asks again and again until there is an answer. */
export async function waitFor<T>(ask: () => Promise<T | null> | T | null, what: string): Promise<T> {
  const deadline = Date.now() + WAIT_MS_MAX
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${WAIT_MS_MAX} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

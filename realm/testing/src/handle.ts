// An execution in the hands of a test. Every wait moves virtual time as far as it must and no further.

import { type Event, type Execution, type Failure, type Status, isFinal } from '@biplane/protocol'
import { TerminalError } from '@biplane/realm'
import type { ExecutionRow } from '@biplane/runtime/store-port'

import { type Accepted, type Kit, asSent } from './kit.ts'
import type { Life } from './life.ts'

export interface End {
  /** Final, or `paused` or `parked`: then a person must do something. */
  status: Status
  compensated: boolean
  result: unknown
  error: Failure | null
}

export interface Who {
  by?: string
  reason?: string
}

type Operate = (engine: Life['engine'], row: ExecutionRow, repeated: boolean) => Promise<unknown>

const AT_REST: readonly Status[] = ['paused', 'parked']

export class Handle {
  readonly tenantId: string
  readonly sessionId: Accepted['session_id']
  readonly intentId: Accepted['intent_id']
  readonly executionId: Accepted['execution_id']
  readonly #kit: Kit

  constructor(kit: Kit, accepted: Accepted) {
    this.#kit = kit
    this.tenantId = accepted.tenant_id
    this.sessionId = accepted.session_id
    this.intentId = accepted.intent_id
    this.executionId = accepted.execution_id
  }

  /** @throws TerminalError with the code and message of what it failed with, or of what stopped it */
  async result(): Promise<unknown> {
    const { status, result, error } = await this.end()
    if (status === 'completed') return result
    throw new TerminalError(error?.code ?? `execution.${status}`, error?.message ?? `${this.#name} is ${status}.`)
  }

  /** How it ends, or comes to rest for a person. @throws Error saying what it waits for, if nothing is due that could end it */
  async end(): Promise<End> {
    return this.#until((row) => isFinal(row.status) || AT_REST.includes(row.status), 'end')
  }

  /** @throws Error if it comes to rest otherwise, or ends */
  async until(status: Status): Promise<void> {
    await this.#until((row) => {
      if (row.status !== status && isFinal(row.status))
        throw new Error(`${this.#name} is ${row.status}, not ${status}.`)
      return row.status === status
    }, `become ${status}`)
  }

  async status(): Promise<Status> {
    await this.#kit.driver.still()
    return (await this.#row()).status
  }

  /** As `GET /execution/{id}` shows it: payload, steps, result, error, what it waits for. */
  async view(): Promise<Execution> {
    await this.#kit.driver.still()
    return this.#view(await this.#row())
  }

  async steps(): Promise<Execution['steps']> {
    return (await this.view()).steps
  }

  /** What a reader of the session's log is told of it. */
  async events(): Promise<Event[]> {
    await this.#kit.driver.still()
    const events = await this.#kit.readings.events(this.sessionId)
    return events.filter((event) => 'execution_id' in event && event.execution_id === this.executionId)
  }

  /** `id` makes it safe to send twice: the second is not heard. */
  async signal(name: string, payload: unknown = null, options: Who & { id?: string } = {}): Promise<void> {
    const { id = this.#kit.newKey(), ...who } = options
    await this.#send({ name, signal_id: id, payload: asSent(payload, `The payload of signal ${name}`), ...who })
  }

  async approve(name: string, who: Who & { payload?: unknown } = {}): Promise<void> {
    await this.#decide(name, true, who)
  }

  async refuse(name: string, who: Who & { payload?: unknown } = {}): Promise<void> {
    await this.#decide(name, false, who)
  }

  async cancel({ mode = 'cooperative', ...who }: Who & { mode?: 'cooperative' | 'kill' } = {}): Promise<void> {
    await this.#operate((engine, row) => engine.operator.cancel(row, { mode, ...who }))
  }

  async pause(who: Who = {}): Promise<void> {
    await this.#operate((engine, row) => engine.operator.pause(row, who))
  }

  async resume(who: Who = {}): Promise<void> {
    await this.#operate((engine, row) => engine.operator.resume(row, who))
  }

  /** A step, by its ordinal, was undone by hand; without one, the execution ends as it is. */
  async settle(step?: number, who: Who = {}): Promise<void> {
    await this.#operate(async (engine, row, repeated) => {
      // No answer came, but it was heard.
      if (repeated && row.status !== 'parked') return
      await engine.operator.settle(row, who, step)
    })
  }

  /** The same intent from its beginning, as a new execution. */
  async retry(who: Who = {}): Promise<Handle> {
    const request = { ...who, idempotency_key: this.#kit.newKey() }
    return this.#again((engine, row) => engine.again.retry(row, request))
  }

  /** A new execution that goes on from the answer to the call `through`; without one, from before the first that failed. */
  async fork({ through, ...who }: Who & { through?: number } = {}): Promise<Handle> {
    const request = { ...who, idempotency_key: this.#kit.newKey() }
    return this.#again((engine, row) => engine.again.fork(row, request, through))
  }

  get #name(): string {
    return `Execution ${this.executionId}`
  }

  #row(): Promise<ExecutionRow> {
    return this.#kit.readings.row(this.tenantId, this.executionId)
  }

  /** Why it has not begun is known to the process alone. */
  async #view(row: ExecutionRow): Promise<Execution> {
    const view = await this.#kit.readings.execution(row)
    const { engine } = await this.#kit.processes.living()
    const why = row.status === 'accepted' ? engine.whyQueued(row) : null
    return why === null ? view : { ...view, waits_for: why }
  }

  async #until(reached: (row: ExecutionRow) => boolean, what: string): Promise<End> {
    const { driver, readings } = this.#kit
    return driver.for({
      look: async () => {
        const row = await this.#row()
        if (!reached(row)) return null
        const { status, compensated, result, error } = await readings.execution(row)
        return { status, compensated, result, error }
      },
      why: async () => {
        const { status, waits_for } = await this.#view(await this.#row())
        const waits =
          waits_for === null ? `is ${status} and waits for nothing` : `is ${status} and waits for ${waits_for}`
        return `${this.#name} will not ${what}: it ${waits}, and nothing is due.${readings.complaints()}`
      },
    })
  }

  async #decide(name: string, approved: boolean, { payload = null, ...who }: Who & { payload?: unknown }) {
    const sent = asSent(payload, `The payload of approval ${name}`)
    await this.#send({ name, signal_id: this.#kit.newKey(), payload: sent, approved, ...who })
  }

  async #send(request: Parameters<Life['engine']['operator']['signal']>[1]): Promise<void> {
    await this.#operate((engine, row) => engine.operator.signal(row, request))
  }

  async #operate(operate: Operate): Promise<void> {
    await this.#kit.processes.ask(async ({ engine }, repeated) => operate(engine, await this.#row(), repeated))
  }

  async #again(begin: (engine: Life['engine'], row: ExecutionRow) => Promise<Omit<Accepted, 'tenant_id'>>) {
    const accepted = await this.#kit.processes.ask(async ({ engine }) => begin(engine, await this.#row()))
    return new Handle(this.#kit, { ...accepted, tenant_id: this.tenantId })
  }
}

// The main thread's side of the writer: bounds what waits, and keeps the tail of the log from the answers. When the bound on new
// work is reached, a tenant that has less than its equal part waiting is still let in: others may not fill its part.

import type { SessionId, TenantId } from '@biplane/protocol'

import { StorageFull, StoreBusy } from '../error.ts'
import { TenantCounts } from '../../tenants/tenant-counts.ts'
import type { Entry, LogCut, Store } from '../port.ts'
import { appendedEntries, logOf } from './appended-entries.ts'
import type { Channel } from './channel.ts'
import { NEW_WAITING_CHARS_MAX, NEW_WAITING_MAX, WAITING_CHARS_MAX, WAITING_MAX } from './limits.ts'
import type { LogTail } from './log-tail.ts'
import { countOf, unpackAnswer } from './pack-answers.ts'
import { refusalError } from './refusal-error.ts'
import type { CommandOf, ResultOf, WriteRequest, WriteVerb } from './writes.ts'
import type { WriterReport } from './writer-thread.ts'

/** Begins work, and is refused long before work that was accepted. */
const IS_NEW: Partial<Record<WriteVerb, true>> = { acceptIntent: true, createSession: true }

/** Of a command that is no tenant's. */
const NO_LOG = { tenant_id: '', entries: [] }

export interface WaitingLimits {
  /** Commands that may wait for an answer when new work comes; it is refused with StoreBusy beyond. */
  newWaitingMax?: number
  /** The same for every other command. */
  waitingMax?: number
}

type AppendListener = Parameters<Store['onAppend']>[0]

export class Writer {
  readonly #channel: Channel<WriteRequest>
  readonly #tail: LogTail
  readonly #newWaitingMax: number
  readonly #waitingMax: number
  readonly #listeners: AppendListener[] = []
  readonly #waiting = new TenantCounts()
  readonly #waitingChars = new TenantCounts()
  #spaceLow: boolean

  constructor(channel: Channel<WriteRequest>, tail: LogTail, limits: WaitingLimits, spaceLow: boolean) {
    this.#channel = channel
    this.#tail = tail
    this.#newWaitingMax = limits.newWaitingMax ?? NEW_WAITING_MAX
    this.#waitingMax = limits.waitingMax ?? WAITING_MAX
    this.#spaceLow = spaceLow
  }

  write<V extends WriteVerb>(verb: V, command: CommandOf<V>): Promise<ResultOf<V>> {
    let chars = 0
    const { tenant_id, entries } = logOf(verb, command) ?? NO_LOG
    for (const { data, secret } of entries) chars += data.length + (secret?.length ?? 0)
    const refusal = this.#refusal(verb, chars, tenant_id)
    if (refusal) return Promise.reject(refusal)
    this.#count(tenant_id, 1, chars)
    return this.#channel.ask({ verb, command, chars } as WriteRequest) as Promise<ResultOf<V>>
  }

  onAppend(listener: AppendListener): void {
    this.#listeners.push(listener)
  }

  take({ answers, indexedPos, spaceLow }: WriterReport): void {
    if (this.#channel.hasFailed) return
    this.#spaceLow = spaceLow
    const appendedTo = new Map<SessionId, Entry>()
    for (let i = 0; i < countOf(answers); i++) {
      const { request, resolve, reject } = this.#channel.answered()
      const answer = unpackAnswer(answers, i, request)
      this.#count((logOf(request.verb, request.command) ?? NO_LOG).tenant_id, -1, -request.chars)
      if ('refused' in answer) {
        reject(refusalError(request, answer))
        continue
      }
      if (answer.appended) {
        const entries = appendedEntries(request, answer.appended)
        const { status, tenant_seq: tenantSeq } = answer.appended
        this.#tail.add(entries, { status, begins: request.verb === 'acceptIntent', tenantSeq })
        const last = entries.at(-1)
        if (last) appendedTo.set(last.session_id, last)
      }
      if (request.verb === 'cutLog') this.#tail.cut(request.command, answer.result as LogCut)
      resolve(answer.result)
    }
    this.#tail.indexed(indexedPos)
    for (const { session_id, seq, tenant_id } of appendedTo.values()) {
      for (const listener of this.#listeners) listener(session_id, seq, tenant_id)
    }
  }

  #count(tenant: TenantId, commands: number, chars: number): void {
    this.#waiting.add(tenant, commands)
    this.#waitingChars.add(tenant, chars)
  }

  #refusal(verb: WriteVerb, chars: number, tenant: TenantId): Error | null {
    const isNew = IS_NEW[verb] === true
    const commands = this.#channel.waiting
    const isFull = commands >= this.#waitingMax || chars + this.#waitingChars.total > WAITING_CHARS_MAX
    if (isFull || (isNew && this.#isFullForNew(chars, tenant))) {
      return new StoreBusy(`${commands} commands wait already.`)
    }
    return isNew && this.#spaceLow ? new StorageFull('The disk is nearly full: new work is not taken.') : null
  }

  #isFullForNew(chars: number, tenant: TenantId): boolean {
    const tenants = Math.max(1, this.#waiting.tenants)
    const hasItsPart =
      this.#waiting.of(tenant) >= this.#newWaitingMax / tenants ||
      chars + this.#waitingChars.of(tenant) > NEW_WAITING_CHARS_MAX / tenants
    const isFull =
      this.#channel.waiting >= this.#newWaitingMax || chars + this.#waitingChars.total > NEW_WAITING_CHARS_MAX
    return isFull && hasItsPart
  }
}

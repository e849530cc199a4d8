// What this tab sends: files, a few at a time, and intents, each until it is known to be in the log. It belongs to no page, so it goes on
// while one looks elsewhere. All of a tab is in one session, which is followed for what becomes of it.

import { BiplaneError, type Client, mintIntentId } from '@biplane/client'
import type { IntentId } from '@biplane/protocol'

import { type Demo, type Kept, type Work, keep, keptProblem, newWork, readKept } from './kept-work.ts'
import { makeDemoFiles } from './demo-files.ts'
import { type Sending, sendBytes } from './send-bytes.ts'

const SENDING_AT_ONCE_MAX = 3
const RETRY_MS = 2_000
/** About an hour. */
const RETRIES_MAX = 1_800
const PASSING = [
  'runtime_unavailable',
  'outcome_unknown',
  'overloaded',
  'rate_limited',
  'shutting_down',
  'keys_unavailable',
]

export class WorkStore {
  readonly #client: Client
  readonly #tenantId: string
  readonly #listeners = new Set<() => void>()
  readonly #files = new Map<string, File>()
  readonly #sendings = new Map<string, Sending>()
  #kept: Kept

  constructor(client: Client, tenantId: string) {
    this.#client = client
    this.#tenantId = tenantId
    this.#kept = readKept(tenantId)
    // What was on its way when the page was loaded again.
    for (const { intentId, stage } of this.#kept.items) if (stage === 'submitting') void this.#submit(intentId)
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }

  readonly getSnapshot = (): Kept => this.#kept

  addFiles(given: readonly File[]): IntentId[] {
    const ids = given.map((file) => {
      const { name, size } = file
      const id = this.#add({ intentType: 'content.upload', name, size, stage: 'queued', payload: null })
      this.#files.set(id, file)
      return id
    })
    this.#sendNext()
    return ids
  }

  addMash(name: string, payload: object): IntentId {
    const intentId = this.#add({ intentType: 'data_mash.create', name, size: 0, stage: 'submitting', payload })
    void this.#submit(intentId)
    return intentId
  }

  readonly addDemo = (): void => {
    const uploads = this.addFiles(makeDemoFiles())
    this.#store({ demo: { uploads, mash: null } })
  }

  /** Begins the mash of the guided run, once. */
  mashDemo(contentIds: readonly string[]): IntentId {
    const { uploads, mash } = this.#kept.demo as Demo
    if (mash !== null) return mash
    const begun = this.addMash('orders + customers', { content_ids: contentIds, review: true })
    this.#store({ demo: { uploads, mash: begun } })
    return begun
  }

  /** Of what is not in the log yet. */
  giveUp({ intentId }: Work): void {
    this.#sendings.get(intentId)?.abort()
    this.#sendings.delete(intentId)
    this.forget([intentId])
    this.#sendNext()
  }

  again({ intentId, payload }: Work): void {
    this.#update(intentId, { stage: payload === null ? 'queued' : 'submitting', problem: null })
    if (payload === null) this.#sendNext()
    else void this.#submit(intentId)
  }

  forget(intentIds: readonly string[]): void {
    for (const intentId of intentIds) this.#files.delete(intentId)
    const { demo, items } = this.#kept
    const isOfDemo = demo?.uploads.some((one) => intentIds.includes(one)) ?? false
    this.#store({
      items: items.filter(({ intentId }) => !intentIds.includes(intentId)),
      demo: isOfDemo ? null : demo,
    })
  }

  #add(work: Pick<Work, 'intentType' | 'name' | 'size' | 'stage' | 'payload'>): IntentId {
    const intentId = mintIntentId()
    const rest = { intentId, sent: 0, isInTrouble: false, executionId: null, problem: null }
    this.#store({ items: [...this.#kept.items, { ...work, ...rest }] })
    return intentId
  }

  #sendNext(): void {
    const next = this.#kept.items.find(({ stage, intentId }) => stage === 'queued' && this.#files.has(intentId))
    if (next === undefined || this.#sendings.size >= SENDING_AT_ONCE_MAX) return
    void this.#send(next)
    this.#sendNext()
  }

  async #send({ intentId, name, size }: Work): Promise<void> {
    const sending = sendBytes(this.#files.get(intentId) as File, this.#tenantId, {
      onProgress: (sent) => this.#show(intentId, { sent, isInTrouble: false }),
      onTrouble: () => this.#show(intentId, { isInTrouble: true }),
    })
    this.#sendings.set(intentId, sending)
    this.#update(intentId, { stage: 'sending' })
    try {
      const artifact_id = await sending.artifactId
      this.#files.delete(intentId)
      const payload = { file: { artifact_id, name, size } }
      this.#update(intentId, { stage: 'submitting', sent: size, isInTrouble: false, payload })
      void this.#submit(intentId)
    } catch (error) {
      this.#failed(intentId, error)
    } finally {
      this.#sendings.delete(intentId)
      this.#sendNext()
    }
  }

  /** Until it is known what became of it: it has its id, so it is never done twice. */
  async #submit(intentId: IntentId): Promise<void> {
    for (let retries = 0; ; retries++) {
      const work = this.#kept.items.find((one) => one.intentId === intentId)
      if (work?.stage !== 'submitting') return
      try {
        const sessionId = await this.#sessionHere()
        const { execution_id } = await this.#client.submit(work.intentType, work.payload, { intentId, sessionId })
        return this.#update(intentId, { stage: 'accepted', isInTrouble: false, executionId: execution_id })
      } catch (error) {
        const code = error instanceof BiplaneError && retries < RETRIES_MAX ? error.code : ''
        if (code === 'session_closed') this.#leaveSession()
        else if (!PASSING.includes(code)) return this.#failed(intentId, error)
        else {
          this.#show(intentId, { isInTrouble: true })
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        }
      }
    }
  }

  #failed(intentId: string, error: unknown): void {
    this.#update(intentId, { stage: 'failed', isInTrouble: false, problem: keptProblem(error as Error) })
  }

  #leaveSession(): void {
    const { sessionKey, sessionId } = newWork()
    this.#store({ sessionKey, sessionId })
  }

  async #sessionHere(): Promise<string> {
    const { sessionId, sessionKey } = this.#kept
    if (sessionId !== null) return sessionId
    const { session_id } = await this.#client.createSession({ idempotencyKey: sessionKey })
    this.#store({ sessionId: session_id })
    return session_id
  }

  /** Shown, and not kept over a reload. */
  #show(intentId: string, next: Partial<Work>): void {
    const items = this.#kept.items.map((work) => (work.intentId === intentId ? { ...work, ...next } : work))
    this.#change({ items })
  }

  #update(intentId: string, next: Partial<Work>): void {
    this.#show(intentId, next)
    keep(this.#tenantId, this.#kept)
  }

  #store(next: Partial<Kept>): void {
    this.#change(next)
    keep(this.#tenantId, this.#kept)
  }

  #change(next: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...next }
    for (const tell of this.#listeners) tell()
  }
}

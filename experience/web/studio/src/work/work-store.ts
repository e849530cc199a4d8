// What this tab sends: files, a few at a time, and intents, each until it is known to be in the log. It belongs to no page, so it goes on
// while one looks elsewhere. All of a tab is in one session, which is followed for what becomes of it.

import { BiplaneError, type Client, mintIntentId } from '@biplane/client'
import type { IntentId } from '@biplane/protocol'

import { type Demo, type Kept, type Work, keep, keptProblem, newWork, readKept } from './kept-work.ts'
import { makeDemoFiles } from './demo-files.ts'
import { type Sending, sendBytes } from './send-bytes.ts'

export interface WorkStore {
  subscribe: (tell: () => void) => () => void
  getSnapshot: () => Kept
  addFiles: (files: readonly File[]) => IntentId[]
  addMash: (name: string, payload: object) => IntentId
  addDemo: () => void
  /** Begins the mash of the guided run, once. */
  mashDemo: (contentIds: readonly string[]) => IntentId
  /** Of what is not in the log yet. */
  giveUp: (work: Work) => void
  again: (work: Work) => void
  forget: (intentIds: readonly string[]) => void
}

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

export function openWork(client: Client, tenantId: string): WorkStore {
  const listeners = new Set<() => void>()
  const files = new Map<string, File>()
  const sendings = new Map<string, Sending>()
  let kept = readKept(tenantId)

  function change(next: Partial<Kept>): void {
    kept = { ...kept, ...next }
    for (const tell of listeners) tell()
  }

  function store(next: Partial<Kept>): void {
    change(next)
    keep(tenantId, kept)
  }

  const changed = (intentId: string, next: Partial<Work>): Pick<Kept, 'items'> => ({
    items: kept.items.map((work) => (work.intentId === intentId ? { ...work, ...next } : work)),
  })
  const isThere = (intentId: string): boolean => kept.items.some((work) => work.intentId === intentId)

  function add(work: Pick<Work, 'intentType' | 'name' | 'size' | 'stage' | 'payload'>): IntentId {
    const intentId = mintIntentId()
    const rest = { intentId, sent: 0, isInTrouble: false, executionId: null, problem: null }
    store({ items: [...kept.items, { ...work, ...rest }] })
    return intentId
  }

  function addFiles(given: readonly File[]): IntentId[] {
    const ids = given.map((file) => {
      const id = add({ intentType: 'content.upload', name: file.name, size: file.size, stage: 'queued', payload: null })
      files.set(id, file)
      return id
    })
    sendNext()
    return ids
  }

  function sendNext(): void {
    const next = kept.items.find(({ stage, intentId }) => stage === 'queued' && files.has(intentId))
    if (next === undefined || sendings.size >= SENDING_AT_ONCE_MAX) return
    void send(next)
    sendNext()
  }

  async function send({ intentId, name, size }: Work): Promise<void> {
    const onProgress = (sent: number) => change(changed(intentId, { sent, isInTrouble: false }))
    const onTrouble = () => change(changed(intentId, { isInTrouble: true }))
    const sending = sendBytes(files.get(intentId) as File, tenantId, { onProgress, onTrouble })
    sendings.set(intentId, sending)
    store(changed(intentId, { stage: 'sending' }))
    try {
      const artifact_id = await sending.artifactId
      files.delete(intentId)
      const payload = { file: { artifact_id, name, size } }
      store(changed(intentId, { stage: 'submitting', sent: size, isInTrouble: false, payload }))
      void submit(intentId)
    } catch (error) {
      store(changed(intentId, { stage: 'failed', isInTrouble: false, problem: keptProblem(error as Error) }))
    } finally {
      sendings.delete(intentId)
      sendNext()
    }
  }

  /** Until it is known what became of it: it has its id, so it is never done twice. */
  async function submit(intentId: IntentId): Promise<void> {
    for (let retries = 0; ; retries++) {
      const work = kept.items.find((one) => one.intentId === intentId)
      if (work?.stage !== 'submitting') return
      try {
        const sessionId = await sessionHere()
        const { execution_id } = await client.submit(work.intentType, work.payload, { intentId, sessionId })
        return store(changed(intentId, { stage: 'accepted', isInTrouble: false, executionId: execution_id }))
      } catch (error) {
        if (error instanceof BiplaneError && error.code === 'session_closed' && retries < RETRIES_MAX) {
          const { sessionKey, sessionId } = newWork()
          store({ sessionKey, sessionId })
        } else if (error instanceof BiplaneError && PASSING.includes(error.code) && retries < RETRIES_MAX) {
          change(changed(intentId, { isInTrouble: true }))
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        } else {
          return store(changed(intentId, { stage: 'failed', isInTrouble: false, problem: keptProblem(error as Error) }))
        }
      }
    }
  }

  async function sessionHere(): Promise<string> {
    if (kept.sessionId !== null) return kept.sessionId
    const { session_id } = await client.createSession({ idempotencyKey: kept.sessionKey })
    store({ sessionId: session_id })
    return session_id
  }

  function addMash(name: string, payload: object): IntentId {
    const intentId = add({ intentType: 'data_mash.create', name, size: 0, stage: 'submitting', payload })
    void submit(intentId)
    return intentId
  }

  function mashDemo(contentIds: readonly string[]): IntentId {
    const { uploads, mash } = kept.demo as Demo
    if (mash !== null) return mash
    const begun = addMash('orders + customers', { content_ids: contentIds, review: true })
    store({ demo: { uploads, mash: begun } })
    return begun
  }

  function again({ intentId, payload }: Work): void {
    store(changed(intentId, { stage: payload === null ? 'queued' : 'submitting', problem: null }))
    if (payload === null) sendNext()
    else void submit(intentId)
  }

  function giveUp({ intentId }: Work): void {
    sendings.get(intentId)?.abort()
    sendings.delete(intentId)
    forget([intentId])
    sendNext()
  }

  function forget(intentIds: readonly string[]): void {
    for (const intentId of intentIds) files.delete(intentId)
    const demo = kept.demo?.uploads.some((one) => intentIds.includes(one)) ? null : kept.demo
    store({ items: kept.items.filter(({ intentId }) => !intentIds.includes(intentId)), demo })
  }

  // What was on its way when the page was loaded again.
  for (const { intentId, stage } of kept.items) if (stage === 'submitting' && isThere(intentId)) void submit(intentId)

  return {
    subscribe: (tell) => (listeners.add(tell), () => listeners.delete(tell)),
    getSnapshot: () => kept,
    addFiles,
    addMash,
    addDemo: () => {
      const uploads = addFiles(makeDemoFiles())
      store({ demo: { uploads, mash: null } })
    },
    mashDemo,
    giveUp,
    again,
    forget,
  }
}

// A small runtime for tests of realms: real files as artifacts, state and log in memory, every value through JSON as the log
// would keep it. It makes no promise of durability.

import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { artifactIdOf, type ArtifactRef, type ExecutionId, type IntentId, type SessionId } from '@biplane/protocol'
import {
  ApprovalRefused,
  StateConflict,
  TerminalError,
  type Artifacts,
  type Context,
  type Progress,
  type QueryContext,
  type Realm,
  type SharedState,
  type StepContext,
} from '@biplane/realm'

import { contentKey } from './content.ts'
import { contentOf, landContent, profileContent, typeContent } from './content-steps.ts'
import { newestFirst } from './newest-first.ts'

export interface TestRuntime extends AsyncDisposable {
  artifacts: Artifacts
  /** Of tenant state, by key. */
  state: Map<string, { value: unknown; revision: number }>
  tenantState: SharedState
  /** Names of the steps that ran, and events, in order. */
  steps: string[]
  emitted: { type: string; data: unknown }[]
  progress: Progress[]
  /** Names of the approvals that were asked for, and what is answered. */
  asked: string[]
  approves: boolean
  /** Aborts what runs. */
  abort: AbortController
  put(text: string | Uint8Array, name?: string): Promise<ArtifactRef>
  intent(realm: Realm, type: string, payload: unknown): Promise<Record<string, unknown>>
  query(realm: Realm, type: string, payload: unknown): Promise<Record<string, unknown>>
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

export async function testRuntime(): Promise<TestRuntime> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-test-'))
  const state: TestRuntime['state'] = new Map()
  const runtime: TestRuntime = {
    artifacts: artifactsIn(folder),
    state,
    tenantState: stateIn(state),
    steps: [],
    emitted: [],
    progress: [],
    asked: [],
    approves: true,
    abort: new AbortController(),
    put: (text, name = 'file.csv') => runtime.artifacts.put(Buffer.from(text), { name }),
    async intent(realm, type, payload) {
      const found = realm.capabilities.find((one) => one.type === type)
      if (found?.kind !== 'intent') throw new Error(`No intent ${type}`)
      const result = await found.run(contextOf(runtime), found.payload.parse(json(payload)) as never)
      return found.result.parse(json(result)) as Record<string, unknown>
    },
    async query(realm, type, payload) {
      const found = realm.capabilities.find((one) => one.type === type)
      if (found?.kind !== 'query') throw new Error(`No query ${type}`)
      const result = await found.run(queryContextOf(runtime), found.payload.parse(json(payload)) as never)
      return found.result.parse(json(result)) as Record<string, unknown>
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
  return runtime
}

function artifactsIn(folder: string): Artifacts {
  const path = async ({ artifact_id }: ArtifactRef): Promise<string> => {
    const file = join(folder, artifact_id)
    await stat(file).catch(() => {
      throw new TerminalError('artifact.not_found', `No artifact ${artifact_id}.`)
    })
    return file
  }
  return {
    path,
    async put(source, about = {}) {
      const parts: Uint8Array[] = []
      if (source instanceof Uint8Array) parts.push(source)
      else for await (const part of source) parts.push(part)
      const bytes = Buffer.concat(parts)
      const artifact_id = artifactIdOf(createHash('sha256').update(bytes).digest('hex'))
      await writeFile(join(folder, artifact_id), bytes)
      return { artifact_id, size: bytes.length, ...about }
    },
    open: async (artifact) => createReadStream(await path(artifact)),
    async stat(artifact) {
      const bytes = await readFile(await path(artifact))
      const { artifact_id } = artifact
      return { artifact_id, sha256: artifact_id.slice(4), size: bytes.length, media_type: 'application/octet-stream' }
    },
  }
}

const stateIn = (facts: TestRuntime['state']): SharedState => ({
  get: async <T>(key: string) => (json(facts.get(key)) as { value: T; revision: number } | null) ?? null,
  async compareAndSet(key, revision, value) {
    const now = facts.get(key)?.revision ?? 0
    if (now !== revision) throw new StateConflict(key, now)
    facts.set(key, { value: json(value), revision: now + 1 })
    return now + 1
  },
})

/** None of these realms does that. */
const unsupported = (): never => {
  throw new Error('The context of these tests has no such call.')
}

function contextOf(runtime: TestRuntime): Context {
  const state = runtime.tenantState
  const context: Context = {
    tenantId: 'test',
    sessionId: 'ses_test' as SessionId,
    intentId: 'int_test' as IntentId,
    executionId: 'exe_test' as ExecutionId,
    abortSignal: runtime.abort.signal,
    async step(name, body) {
      runtime.steps.push(name)
      return json(await body(stepContextOf(runtime, name))) as Awaited<ReturnType<typeof body>>
    },
    artifact: async (name, produce, about) =>
      context.step(name, async (step) => step.artifacts.put(await produce(step), about)),
    sleep: () => Promise.resolve(),
    sleepUntil: () => Promise.resolve(),
    waitFor: unsupported,
    async approval(name) {
      runtime.asked.push(name)
      if (runtime.approves) return { payload: null, id: name, at_ms: 0 }
      throw new ApprovalRefused(name)
    },
    call: unsupported,
    stream: unsupported,
    emit: (type, data) => void runtime.emitted.push({ type, data: json(data) }),
    progress: (progress) => void runtime.progress.push(progress),
    state: { ...state, set: (key, value) => void runtime.state.set(key, { value, revision: 1 }), tenant: state },
    now: () => 0,
    random: () => 0.5,
    uuid: () => randomUUID(),
  }
  return context
}

const stepContextOf = (runtime: TestRuntime, key: string): StepContext => ({
  key,
  attempt: 1,
  signal: runtime.abort.signal,
  artifacts: runtime.artifacts,
  progress: (progress) => void runtime.progress.push(progress),
  stream: unsupported,
})

export const queryContextOf = (runtime: TestRuntime): QueryContext => ({
  tenantId: 'test',
  artifacts: runtime.artifacts,
  signal: runtime.abort.signal,
  state: {
    session: null,
    tenant: {
      get: async <T>(key: string) => (json(runtime.state.get(key)) as { value: T; revision: number } | null) ?? null,
      list: async <T>(prefix: string, limit = 100, after = '') =>
        [...runtime.state]
          .filter(([key]) => key.startsWith(prefix) && key > after)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, { value, revision }]) => ({ key, value: value as T, revision }))
          .slice(0, limit),
    },
  },
})

/** Makes a content of a text as `content.upload` does, for realms that use contents. Answers its id. */
export async function ingest(runtime: TestRuntime, name: string, text: string | Uint8Array): Promise<string> {
  const source = await runtime.put(text, name)
  const step = stepContextOf(runtime, name)
  const landing = await landContent(step, source, {})
  const typing = await typeContent(step, landing, null)
  const { profile } = await profileContent(step, typing, landing.rows.landed)
  const content_id = newestFirst('cnt', { now: Date.now, uuid: randomUUID })
  const content = contentOf({ content_id, name }, source, landing, typing, profile)
  runtime.state.set(contentKey(content_id), { value: content, revision: 1 })
  return content_id
}

// The runtime's catalogue, kept fresh: asked for by its ETag at an interval, and ever more rarely while the runtime is away.
// What was loaded last stays in use meanwhile.

import { type Client, backoffMs, pause } from '@biplane/client'
import type { Capability } from '@biplane/protocol'

import { addressOf } from './capability.ts'
import type { Log } from './log.ts'

export interface Catalogue {
  /** Null until the runtime has been reached once. */
  capabilities(): readonly Capability[] | null
  at(address: string): Capability | undefined
  /** Whether the runtime answered when it was last asked. */
  isCurrent(): boolean
  /** `changed` is told whenever another catalogue was loaded. */
  onChange(changed: () => void): void
  /** Asks again and again until `signal` aborts. Resolves when it has asked once, whatever came of it. */
  keepFresh(signal: AbortSignal): Promise<void>
}

const REFRESH_MS = 3_000
/** Short, since a start waits for the first answer. */
const ANSWER_MS_MAX = 5_000
const AWAY = { baseMs: 250, maxMs: 5_000 }

export function createCatalogue(client: Client, log: Pick<Log, 'info' | 'warn'>): Catalogue {
  const listeners = new Set<() => void>()
  let capabilities: readonly Capability[] | null = null
  let byAddress = new Map<string, Capability>()
  let etag: string | null = null
  let failures = 0

  async function refresh(signal: AbortSignal): Promise<void> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)])
    const changed = await client.changedCapabilities(etag, { signal: inTime })
    if (changed === null) return
    ;({ capabilities, etag } = changed)
    byAddress = new Map(changed.capabilities.map((capability) => [addressOf(capability.type), capability]))
    log.info({ capabilities: changed.capabilities.length }, 'the catalogue was loaded')
    for (const changed of listeners) changed()
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    try {
      await refresh(signal)
      failures = 0
    } catch (error) {
      if (++failures === 1 && !signal.aborted) log.warn({ reason: String(error) }, 'the runtime is away')
    }
  }

  async function repeat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = failures === 0 ? REFRESH_MS : backoffMs(failures, AWAY)
      const isOver = await pause(pauseMs, signal).then(
        () => false,
        () => true,
      )
      if (!isOver) await attempt(signal)
    }
  }

  return {
    capabilities: () => capabilities,
    at: (address) => byAddress.get(address),
    onChange: (changed) => void listeners.add(changed),
    isCurrent: () => capabilities !== null && failures === 0,
    async keepFresh(signal) {
      await attempt(signal)
      void repeat(signal)
    },
  }
}

// What this tab has asked for, kept over a reload: the ids that it was sent under, so that whatever became of it is found again. A
// file's bytes cannot be kept; what became of them stays on the server.

import { BiplaneError } from '@biplane/client'
import type { IntentId } from '@biplane/protocol'

/**
 * `queued`, `sending`: the file's bytes. `submitting`: on its way into the log. `accepted`: it is in the log, which tells the rest.
 * `stopped`: the page was closed before all bytes were there. `failed`: see `problem`.
 */
export type Stage = 'queued' | 'sending' | 'submitting' | 'accepted' | 'stopped' | 'failed'

export interface KeptProblem {
  code: string
  status: number
  detail: string
  advice: string
}

export interface Work {
  /** Minted here, so that it is known before it is sent, and never done twice. */
  intentId: IntentId
  intentType: 'content.upload' | 'data_mash.create'
  name: string
  /** Of the file, in bytes; 0 without one. */
  size: number
  sent: number
  stage: Stage
  /** It is tried again by itself just now. */
  isInTrouble: boolean
  /** Of the intent, once it is whole. */
  payload: object | null
  executionId: string | null
  problem: KeptProblem | null
}

/** The guided first run: its two uploads, and the mash of them once it has begun. */
export interface Demo {
  uploads: IntentId[]
  mash: IntentId | null
}

export interface Kept {
  /** Finds the session of this tab again. */
  sessionKey: string
  sessionId: string | null
  items: readonly Work[]
  demo: Demo | null
}

/** Older ones are forgotten here; the lists have what became of them. */
const ITEMS_MAX = 500
const keyOf = (tenantId: string): string => `biplane.work.${tenantId}`

export const newWork = (): Kept => ({ sessionKey: crypto.randomUUID(), sessionId: null, items: [], demo: null })

export function readKept(tenantId: string): Kept {
  const text = sessionStorage.getItem(keyOf(tenantId))
  if (text === null) return newWork()
  const kept = JSON.parse(text) as Kept
  return { ...kept, items: kept.items.map(afterReload) }
}

export function keep(tenantId: string, kept: Kept): void {
  const items = kept.items.slice(-ITEMS_MAX)
  sessionStorage.setItem(keyOf(tenantId), JSON.stringify({ ...kept, items }))
}

const afterReload = (work: Work): Work => ({
  ...work,
  isInTrouble: false,
  stage: work.stage === 'queued' || work.stage === 'sending' ? 'stopped' : work.stage,
})

export const keptProblem = (error: Error): KeptProblem =>
  error instanceof BiplaneError
    ? { code: error.code, status: error.status, detail: error.detail, advice: error.advice }
    : {
        code: error.name,
        status: 500,
        detail: error.message,
        advice: 'Try again; if it stays, tell whoever runs this.',
      }

export const errorOf = (problem: KeptProblem): BiplaneError => new BiplaneError(problem)

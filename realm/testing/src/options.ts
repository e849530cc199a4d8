// What a test may choose.

import type { TenantId } from '@biplane/protocol'

/** The same each time, so that what a test sees is the same each time. */
export const BEGINNING_MS = Date.UTC(2026, 0, 1)
export const PATIENCE_MS = 250
export const TENANT = 'test'
export const SESSION = 'main'

export interface VirtualOptions {
  /** Of ids and chance. Default 1. */
  seed?: number
  /** When it begins, in milliseconds since 1970. */
  now?: number
  /** The process dies after each commit that an execution goes on from, so that all of it is replayed again and again. */
  replayEveryStep?: boolean
  /**
   * How long a step's body may do nothing that can be seen from outside, in milliseconds of real time, before it is taken to wait for
   * virtual time, such as its own time-out. Default 250.
   */
  patienceMs?: number
}

export interface Whose {
  /** Default `test`. */
  tenant?: TenantId
  /** An id, or any name: each has a session of its own. Default `main`. */
  session?: string
}

export interface SubmitOptions extends Whose {
  /** The idempotency key. */
  key?: string
  by?: string
}

// What the parts of a virtual runtime share.

import { jsonOf } from '@biplane/realm/json'
import type { ExecutionRow } from '@biplane/runtime/store-port'

import type { Driver } from './driver.ts'
import type { Processes } from './processes.ts'
import type { Readings } from './readings.ts'
import type { Sessions } from './sessions.ts'

export interface Accepted {
  tenant_id: string
  intent_id: ExecutionRow['intent_id']
  execution_id: ExecutionRow['execution_id']
  session_id: ExecutionRow['session_id']
}

export interface Kit {
  driver: Driver
  processes: Processes
  readings: Readings
  sessions: Sessions
  /** A key that was not used before. */
  newKey(): string
}

/** As it arrives: what is sent is JSON. */
export const asSent = (value: unknown, what: string): unknown => JSON.parse(jsonOf(value, what))

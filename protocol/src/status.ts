// The life of an execution (docs/protocol.md §5).

import * as z from 'zod'

export const STATUSES = [
  'accepted',
  'running',
  'waiting',
  'paused',
  'compensating',
  'parked',
  'completed',
  'failed',
  'cancelled',
  'superseded',
] as const

export const Status = z.enum(STATUSES)
export type Status = z.infer<typeof Status>

export const FINAL_STATUSES = ['completed', 'failed', 'cancelled', 'superseded'] as const
export type FinalStatus = (typeof FINAL_STATUSES)[number]

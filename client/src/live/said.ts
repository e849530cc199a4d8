// What a socket says, as far as a follower of logs looks at it. Types and fields that it does not know are left aside.

import type { Event } from '@biplane/protocol'

export interface Said {
  type: 'event' | 'caught_up' | 'closed' | 'authenticated' | 'error'
  stream?: string
  offset?: string
  event?: Event
  expires_at?: string
  code?: string
  detail?: string
}

const TYPES: readonly string[] = ['event', 'caught_up', 'closed', 'authenticated', 'error'] satisfies Said['type'][]

export const isSaid = (message: unknown): message is Said =>
  typeof message === 'object' && message !== null && 'type' in message && TYPES.includes(String(message.type))

// An act as the call that it is.

import type { Client } from '@biplane/client'

import type { Act } from './acts.ts'

export interface Wish {
  act: Act
  reason: string
  /** Made when the dialog is opened, so that what is sent twice is done once. */
  key: string
  /** Of a cancel: the handler is not asked. */
  isKill: boolean
  /** Of a fork or a settlement: the ordinal of a call. */
  ordinal: number | null
  /** Of a signal. */
  name: string
  payload: unknown
}

export interface Done {
  act: Act
  /** The execution that does it again. */
  leadsTo?: string
}

export async function perform(client: Client, executionId: string, wish: Wish): Promise<Done> {
  const { act, key } = wish
  const reason = wish.reason.trim() === '' ? {} : { reason: wish.reason.trim() }
  switch (act) {
    case 'cancel':
      await client.cancel(executionId, { ...reason, mode: wish.isKill ? 'kill' : 'cooperative' })
      return { act }
    case 'pause':
      await client.pause(executionId, reason)
      return { act }
    case 'resume':
      await client.resume(executionId, reason)
      return { act }
    case 'settle':
      await client.settle(executionId, { ...reason, ...(wish.ordinal !== null && { step: wish.ordinal }) })
      return { act }
    case 'retry': {
      const { execution_id } = await client.retry(executionId, { ...reason, idempotencyKey: key })
      return { act, leadsTo: execution_id }
    }
    case 'fork': {
      const through = wish.ordinal === null ? {} : { through: wish.ordinal }
      const { execution_id } = await client.fork(executionId, { ...reason, ...through, idempotencyKey: key })
      return { act, leadsTo: execution_id }
    }
    case 'signal':
      await client.signal(executionId, wish.name, { ...reason, id: key, payload: wish.payload })
      return { act }
    default:
      return act satisfies never
  }
}

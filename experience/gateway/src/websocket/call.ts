// A call of docs/protocol.md §4 as a message of the socket: what it takes, how the runtime is asked, what it gives.

import type { Client } from '@biplane/client'
import { AcceptedIntent, MAX_PAGE } from '@biplane/protocol'
import * as z from 'zod'

import { asked, request } from './messages.ts'

export interface CallMessage {
  type: string
  id: string
  tenant_id?: string | undefined
}

export interface Call {
  takes: z.ZodObject
  gives: z.ZodType
  /** It begins an execution, and is answered as a submission is. */
  isAccepted: boolean
  ask(client: Client, message: never): Promise<unknown>
}

export const call = <S extends z.ZodRawShape>(
  type: string,
  description: string,
  shape: S,
  gives: z.ZodType,
  ask: (client: Client, message: z.output<z.ZodObject<S>>) => Promise<unknown>,
): [type: string, call: Call] => [
  type,
  { takes: request(type, description, { ...asked, ...shape }), gives, isAccepted: gives === AcceptedIntent, ask },
]

/** The fields of a list. */
export const pages = { after: z.string().max(200).optional(), limit: z.int().min(1).max(MAX_PAGE).optional() }

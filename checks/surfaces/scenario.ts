// The scenario: two tables come in, one is made of them, somebody approves how, and a question is asked of it.

import type { Event } from '@biplane/protocol'

import { Follower } from './follower.ts'
import type { Surface } from './surface.ts'

const CSV = { type: 'application/octet-stream' }
const ORDERS = new File(['order_id,customer_id\n1,7\n2,8\n3,7,extra\n4,9\n'], 'orders.csv', CSV)
const CUSTOMERS = new File(['customer_id,name\n7,Ada\n8,Grace\n8,Grace again\n'], 'customers.csv', CSV)

export interface Tables {
  session_id: string
  content_ids: unknown[]
}

export interface Shown {
  session_id: string
  /** Every event that the surface showed of the session, in order. */
  seen: Event[]
  /** The places from which it was followed. */
  from: string[]
  answer: Record<string, unknown>
}

export const play = async (surface: Surface): Promise<Shown> => makeOne(surface, await bringIn(surface))

export async function bringIn(surface: Surface): Promise<Tables> {
  const orders = await surface.complete({ type: 'content.upload', payload: { file: ORDERS } })
  const { session_id } = orders
  const customers = await surface.complete({ type: 'content.upload', payload: { file: CUSTOMERS }, session_id })
  return { session_id, content_ids: [orders, customers].map(({ result }) => result['content_id']) }
}

/** `midway` is when the surface follows how one is made of them. */
export async function makeOne(
  surface: Surface,
  { session_id, content_ids }: Tables,
  midway: () => Promise<void> = async () => {},
): Promise<Shown> {
  const payload = { content_ids, review: true }
  const { execution_id } = await surface.submit({ type: 'data_mash.create', payload, session_id })
  const follower = new Follower(surface, session_id)
  await follower.until('execution.started', execution_id)
  await midway()
  await follower.until('signal.awaited', execution_id)
  await surface.approve(execution_id, 'mapping', 'it adds up')
  const { product_id } = await follower.result(execution_id)
  await follower.leave()
  const answer = await surface.ask('data_mash.query', { product_id })
  return { session_id, seen: follower.seen, from: [...follower.from], answer }
}

// What has run in the workshop when a page is opened: something in each state that an operator can meet.

import type { Client } from '@biplane/client'
import { until } from '@biplane/client/testing'

export interface Workshop {
  /** A vase that could not be shipped, all taken back. */
  failed: string
  /** Completed, after its step was tried again. */
  completed: string
  /** Asks whether to ship many. */
  asking: string
  /** Waits for a signal. */
  waiting: string
  /** Its undo keeps failing. */
  parked: string
  paused: string
  /** Waits for the only lathe. */
  queued: string
  /** Forty steps, a long name, a large payload and result. */
  long: string
  /** Has values. */
  session: string
}

const NOTE = 'As long as a note can be that somebody writes who has a lot to say, and then a little more. '.repeat(8)
const LONG_TYPE = 'workshop.check_the_papers_of_every_single_item_before_anything_is_loaded_onto_the_very_last_lorry'

export async function fillWorkshop(client: Client): Promise<Workshop> {
  const submit = async (type: string, payload: object, sessionId?: string) =>
    (await client.submit({ type, payload, ...(sessionId !== undefined && { sessionId }) })).execution_id
  const { session_id: session } = await client.createSession({ userId: 'ada', metadata: { shop: 'the one in Rome' } })
  const items = Array.from({ length: 60 }, (_, n) => ({ name: `crate ${n} of 60`, note: NOTE }))
  const ids = {
    parked: await submit('workshop.stuck', {}),
    long: await submit(LONG_TYPE, { items }),
    waiting: await submit('workshop.wait', {}),
    failed: await submit('workshop.order', { sku: 'vase' }),
    asking: await submit('workshop.order', { sku: 'lamp', count: 12 }),
    paused: await submit('workshop.nap', {}),
    completed: await submit('workshop.order', { sku: 'chair', count: 2 }, session),
  }
  await submit('workshop.note', { key: 'last/order', value: { sku: 'chair', count: 2 } }, session)
  await submit('workshop.lathe', {})
  const queued = await submit('workshop.lathe', {})
  const becomes = (id: string, status: string) =>
    until(`${id} to be ${status}`, async () => (await client.executionStatus(id)).status === status)
  await becomes(ids.paused, 'waiting')
  await client.pause(ids.paused, { reason: 'the bank is closed until Monday' })
  await becomes(ids.failed, 'failed')
  await becomes(ids.completed, 'completed')
  await becomes(ids.long, 'completed')
  await becomes(ids.waiting, 'waiting')
  await becomes(ids.asking, 'waiting')
  await becomes(ids.parked, 'parked')
  return { ...ids, queued, session }
}

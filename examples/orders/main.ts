// Both planes in one process, and a customer at the terminal. Stop it where you like: started again with the same order, it goes on.

import { createInterface } from 'node:readline'

import { createClient } from '@biplane/client'
import { createExperience } from '@biplane/gateway'
import { createRuntime } from '@biplane/runtime'

import orders from './orders.ts'

const [order = 'order-1', euros = '120', card = 'visa', seconds = '60'] = process.argv.slice(2)
const runtime = await createRuntime({ realms: [orders] })
const experience = await createExperience({ runtimeUrl: runtime.url, surfaces: ['rest'], port: 0 })
const client = createClient({ url: `${await experience.listen()}/v1`, tenantId: 'shop' })

// The order's number is the key: to ask again is to ask about the same order.
const { session_id } = await client.createSession({ idempotencyKey: `${order}.session` })
const payload = { sku: 'apple', euros: Number(euros), card, hold_ms: Number(seconds) * 1000 }
const submitted = { type: 'orders.place', sessionId: session_id, payload, idempotencyKey: order }
const { execution_id } = await client.submit(submitted)

/** What is typed is the decision of whoever is asked. A button in another face of the product makes the same call. */
const desk = createInterface({ input: process.stdin }).on('line', (line) => {
  const decide = line === 'y' ? client.approve : client.refuse
  decide(execution_id, 'large', { reason: line }).catch((error: unknown) => console.log(String(error)))
})

for await (const { event } of client.follow(session_id)) {
  console.log(event.seq, event.type, JSON.stringify(event.data))
  if (event.type === 'signal.awaited') console.log('Shall it go on? (y/n)')
  if (/^execution\.(completed|failed|cancelled)$/.test(event.type)) break
}

desk.close()
await experience.close()
await runtime.close()

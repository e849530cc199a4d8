// Both planes in one process, and somebody who asks. Stop it in the middle of a sentence: started again with that number, it goes on.

import { createInterface } from 'node:readline'

import { createClient } from '@biplane/client'
import { createExperience } from '@biplane/gateway'
import { createRuntime } from '@biplane/runtime'

import agent from './agent.ts'

const [number = 'ask-1', question = 'Where is order 7?'] = process.argv.slice(2)
const runtime = await createRuntime({ realms: [agent] })
const port = Number(process.env['PORT'] ?? 0)
const experience = await createExperience({ runtimeUrl: runtime.url, surfaces: ['rest'], port })
const client = createClient({ url: `${await experience.listen()}/v1`, tenantId: 'shop' })

const { session_id } = await client.createSession({ idempotencyKey: `${number}.session` })
const asked = { type: 'agent.ask', sessionId: session_id, payload: { question }, idempotencyKey: number }
const { execution_id } = await client.submit(asked)

const headers = { 'content-type': 'application/json' }
const desk = createInterface({ input: process.stdin }).on('line', async (line) => {
  const body = JSON.stringify({ tenant_id: 'shop', name: 'pay_back', approved: line === 'y' })
  await fetch(`${runtime.url}/api/execution/${execution_id}/signal`, { method: 'POST', headers, body })
})

for await (const { event } of client.follow(session_id)) {
  // At place 0 the model speaks anew. If a crash had cut it off, what it said before is void.
  if (event.kind === 'stream')
    process.stdout.write(`${event.data.index === 0 ? '\n' : ''}${event.data.chunks.join('')}`)
  if (event.kind === 'signal' && event.type === 'signal.awaited') console.log(`\n${event.data.approval?.title}? (y/n)`)
  if (/^execution\.(completed|failed|cancelled)$/.test(event.type)) break
}

desk.close()
await experience.close()
await runtime.close()

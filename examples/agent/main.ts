// Both planes in one process, and somebody who asks. Stop it in the middle of a word: started again with the same number, it goes on.

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

const desk = createInterface({ input: process.stdin }).on('line', async (answer) => {
  const decision = { tenant_id: 'shop', name: 'pay_back', approved: answer === 'y', reason: `"${answer}" at the desk` }
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(decision) }
  const { ok } = await fetch(`${runtime.url}/api/execution/${execution_id}/signal`, init)
  if (!ok) console.log('That was not to be decided, or has been.')
})

for await (const { event } of client.follow(session_id)) {
  // At place 0 the agent speaks anew. If a crash cut it off, what it had said of this is void.
  if (event.kind === 'stream')
    process.stdout.write(`${event.data.index === 0 ? '\n' : ''}${event.data.chunks.join('')}`)
  if (event.kind === 'signal' && event.type === 'signal.awaited') console.log(`\n${event.data.approval?.title}? (y/n)`)
  if (/^execution\.(completed|failed|cancelled)$/.test(event.type)) break
}

desk.close()
await experience.close()
await runtime.close()

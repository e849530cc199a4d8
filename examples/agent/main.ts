// Both planes in one process, and somebody who asks. Stop it in the middle of a sentence: started again with that number, it goes on.

import { createInterface } from 'node:readline'

import { createClient } from '@biplane/client'
import { createExperience } from '@biplane/gateway'
import { createRuntime } from '@biplane/runtime'

import agent from './agent.ts'

const [number = 'ask-1', question = 'Where is order 7?', port = '0'] = process.argv.slice(2)
const runtime = await createRuntime({ realms: [agent] })
const experience = await createExperience({ runtimeUrl: runtime.url, surfaces: ['rest'], port: Number(port) })
const url = await experience.listen()
const client = createClient({ url: `${url}/v1`, tenantId: 'shop' })

const { session_id } = await client.createSession({ idempotencyKey: `${number}.session` })
const asked = { type: 'agent.ask', sessionId: session_id, payload: { question }, idempotencyKey: number }
const { execution_id } = await client.submit(asked)
console.log(`Anybody may follow: ${url}/v1/session/${session_id}/events?tenant_id=shop&offset=-1&live=sse`)

const desk = createInterface({ input: process.stdin }).on('line', (line) => {
  const decide = line === 'y' ? client.approve : client.refuse
  decide(execution_id, 'pay_back', { reason: line }).catch((error: unknown) => console.log(String(error)))
})

for await (const { event } of client.follow(session_id)) {
  if (event.kind === 'stream') process.stdout.write(event.data.chunks.join(''))
  else console.log(event.type === 'signal.awaited' ? '\nShall it be paid back? (y/n)' : `\n[${event.type}]`)
  if (/^execution\.(completed|failed|cancelled)$/.test(event.type)) break
}

desk.close()
await experience.close()
await runtime.close()

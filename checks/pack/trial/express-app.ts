// Somebody's Express app. All that it has of Biplane is the client.

import type { AddressInfo } from 'node:net'

import { createClient } from '@biplane/client'
import express from 'express'

const client = createClient({ url: `${process.env['BIPLANE_URL']}/v1`, tenantId: 'acme' })
const app = express()

/** A line for each event as it happens, and the greeting at the end. */
app.get('/hello/:name', async ({ params: { name } }, response) => {
  const { session_id } = await client.createSession()
  const { execution_id } = await client.submit({ type: 'hello.greet', sessionId: session_id, payload: { name } })
  for await (const { event } of client.follow(session_id)) {
    response.write(`${event.type}\n`)
    if (event.type === 'execution.completed') break
  }
  const { result } = await client.result(execution_id)
  response.end(String(result))
})

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})

// The page's own server, on an origin of its own. It holds the key; a visitor is given a session, and a token that sees nothing else.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

import { BiplaneError, createClient } from '@biplane/client'

const { BIPLANE_URL = 'http://127.0.0.1:8100', BIPLANE_API_KEY, PORT = '8300' } = process.env
const url = `${BIPLANE_URL}/v1`
const biplane =
  BIPLANE_API_KEY === undefined
    ? createClient({ url, tenantId: 'demo' })
    : createClient({ url, headers: { 'x-api-key': BIPLANE_API_KEY } })
const page = await readFile(new URL('page.html', import.meta.url))
const script = await readFile(new URL(import.meta.resolve('@biplane/client/browser')))

async function visit(): Promise<object> {
  const { session_id } = await biplane.createSession()
  // A gateway on its own machine asks nobody who they are, and gives no tokens.
  if (BIPLANE_API_KEY === undefined) return { url, tenantId: 'demo', session_id }
  const scopes = ['intent:submit', 'event:read']
  const wish = { sessionId: session_id, scopes, intents: ['content.upload'], expiresInSeconds: 3600 }
  return { url, token: (await biplane.createToken(wish)).token, session_id }
}

const server = createServer((request, response) => {
  const answer = (status: number, type: string, body: string | Buffer) =>
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body)
  if (request.url === '/client.js') answer(200, 'text/javascript', script)
  else if (request.url === '/') answer(200, 'text/html; charset=utf-8', page)
  else if (request.url === '/visit' && request.method === 'POST') {
    visit().then(
      (made) => answer(200, 'application/json', JSON.stringify(made)),
      (error: unknown) => answer(503, 'text/plain', error instanceof BiplaneError ? error.code : 'internal'),
    )
  } else answer(404, 'text/plain', 'There is nothing here.')
})

server.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  console.log(`The upload box is at http://127.0.0.1:${port}`)
})

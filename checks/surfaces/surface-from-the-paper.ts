// A teleprinter: a line in is something to do, lines out are what comes of it. Written from docs/protocol.md and nothing else.
// `[number, verb, given]` is answered by `[number, answer]` or `[number, null, problem]`, and `follow` by one for each message.

import { createInterface } from 'node:readline'

const { RUNTIME_URL = '', TENANT: tenant_id = '' } = process.env

type Fields = Record<string, unknown>
type Say = (answer: unknown, problem?: string) => void

async function call(path: string, body: string, headers: Record<string, string>): Promise<Fields> {
  const response = await fetch(`${RUNTIME_URL}/api${path}`, { method: 'POST', body, headers })
  const answer = (await response.json()) as Fields
  if (!response.ok) throw new Error(`${String(answer['code'])}: ${String(answer['detail'])}`)
  return answer
}

function post(path: string, fields: Fields, more: Record<string, string> = {}): Promise<Fields> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...more }
  return call(path, JSON.stringify({ tenant_id, ...fields }), headers)
}

const realmOf = (type: unknown) => String(type).split('.')[0]
let line: WebSocket | undefined

const VERBS: Record<string, (given: Fields, say: Say) => Promise<unknown>> = {
  open: () => post('/session/create', {}),
  async store({ name, media_type, text }) {
    const headers = { 'content-type': String(media_type) }
    const { artifact_id, size } = await call(`/artifact?tenant_id=${tenant_id}`, String(text), headers)
    return { artifact_id, name, media_type, size }
  },
  submit({ type, wait_s, ...intent }) {
    const prefer = { prefer: `wait=${String(wait_s)}` }
    return post('/intent/submit', { intent_type: type, realm: realmOf(type), ...intent }, wait_s ? prefer : {})
  },
  ask: ({ type, payload }) => post('/query', { query_type: type, realm: realmOf(type), payload }),
  approve: ({ execution_id, ...decision }) =>
    post(`/execution/${String(execution_id)}/signal`, { ...decision, approved: true }),
  follow({ session_id, offset }, say) {
    line?.close()
    const socket = (line = new WebSocket(`${RUNTIME_URL.replace('http', 'ws')}/api/events`))
    const subscribe = JSON.stringify({ type: 'subscribe', session_id, tenant_id, offset })
    socket.addEventListener('open', () => socket.send(subscribe))
    socket.addEventListener('message', ({ data }) => say(JSON.parse(String(data))))
    return new Promise((_, lost) => socket.addEventListener('close', () => lost(new Error('The line is lost.'))))
  },
}

for await (const text of createInterface({ input: process.stdin })) {
  const [number, verb, given] = JSON.parse(text) as [number, string, Fields]
  const say: Say = (answer, problem) => console.log(JSON.stringify([number, answer, problem]))
  VERBS[verb]?.(given, say).then(say, (error: unknown) => say(null, String(error)))
}

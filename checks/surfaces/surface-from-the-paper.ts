// A teleprinter: a line in is something to do, lines out are what comes of it. Written from docs/protocol.md and nothing else:
// `[number, verb, arguments]` is answered by `[number, answer]`, or `[number, null, problem]`; `follow` by a line for each event.

import { createInterface } from 'node:readline'

const { RUNTIME_URL = '', TENANT: tenant_id = '' } = process.env

type Fields = Record<string, unknown>
type Verb = (given: Fields, say: (answer: unknown) => void) => Promise<unknown>

async function call(path: string, body: string, headers: Record<string, string>): Promise<Fields> {
  const response = await fetch(`${RUNTIME_URL}/api${path}`, { method: 'POST', body, headers })
  const answer = (await response.json()) as Fields
  if (!response.ok) throw new Error(`${String(answer['code'])}: ${String(answer['detail'])}`)
  return answer
}

const post = (path: string, fields: Fields, headers: Record<string, string> = {}) =>
  call(path, JSON.stringify({ tenant_id, ...fields }), {
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
    ...headers,
  })

const realmOf = (type: unknown) => String(type).split('.')[0]

let line: WebSocket | undefined

const VERBS: Record<string, Verb> = {
  open: () => post('/session/create', {}),
  async store({ name, media_type, text }) {
    const { artifact_id, size } = await call(`/artifact?tenant_id=${tenant_id}`, String(text), {
      'content-type': String(media_type),
    })
    return { artifact_id, name, media_type, size }
  },
  submit: ({ type, wait_s, ...intent }) =>
    post(
      '/intent/submit',
      { intent_type: type, realm: realmOf(type), ...intent },
      wait_s ? { prefer: `wait=${String(wait_s)}` } : {},
    ),
  ask: ({ type, payload }) => post('/query', { query_type: type, realm: realmOf(type), payload }),
  approve: ({ execution_id, name, reason }) =>
    post(`/execution/${String(execution_id)}/signal`, { name, approved: true, reason }),
  follow({ session_id, offset }, say) {
    line?.close()
    const socket = (line = new WebSocket(`${RUNTIME_URL.replace('http', 'ws')}/api/events`))
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'subscribe', session_id, tenant_id, offset })),
    )
    socket.addEventListener('message', ({ data }) => say(JSON.parse(String(data))))
    return new Promise((_, lost) => socket.addEventListener('close', () => lost(new Error('The socket is closed.'))))
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const [number, verb, given] = JSON.parse(line) as [number, string, Fields]
  const say = (answer: unknown, problem?: string) => console.log(JSON.stringify([number, answer, problem]))
  VERBS[verb]?.(given, say).then(say, (error: unknown) => say(null, String(error)))
}

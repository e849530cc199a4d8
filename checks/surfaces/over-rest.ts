// REST, with two ways to follow: asking again and again, and server-sent events.

import { setTimeout as pause } from 'node:timers/promises'

import { Follower } from './follower.ts'
import { type Accepted, type Batch, type Fields, type Intent, type Surface, TENANT } from './surface.ts'

const POLL_MS = 50

type Read = Surface['read']

export const overPolling = (url: string): Surface => overRest('REST and polling', url, polling(url))
export const overServerSentEvents = (url: string): Surface =>
  overRest('REST and server-sent events', url, listening(url))

function overRest(name: string, url: string, read: Read): Surface {
  async function post<T>(path: string, fields: Fields): Promise<T> {
    const response = await fetch(url + path, { method: 'POST', ...bodyOf({ tenant_id: TENANT, ...fields }) })
    return (await answered(response)).json() as Promise<T>
  }
  const submit = ({ type, payload, ...envelope }: Intent) =>
    post<Accepted>(addressOf(type), { ...envelope, ...payload })
  return {
    name,
    read,
    submit,
    async complete(intent) {
      const accepted = await submit(intent)
      const follower = new Follower({ name, read }, accepted.session_id)
      const result = await follower.result(accepted.execution_id)
      await follower.leave()
      return { ...accepted, result }
    },
    approve: (execution_id, approval, reason) =>
      post(`/v1/execution/${execution_id}/signal`, { name: approval, approved: true, reason }),
    ask: (type, payload) => post(addressOf(type), payload),
  }
}

/** `data_mash.create` is at `/v1/data-mash/create` (docs/protocol.md §7). */
const addressOf = (type: string): string => `/v1/${type.replaceAll('.', '/').replaceAll('_', '-')}`

function bodyOf(fields: Fields): RequestInit {
  const given = Object.entries(fields)
  const files = given.filter((field): field is [string, File] => field[1] instanceof File)
  if (files.length === 0) {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }
  }
  const form = new FormData()
  for (const [field, value] of given) if (!(value instanceof File)) form.set(field, String(value))
  for (const [field, file] of files) form.set(field, file)
  return { body: form }
}

const eventsAt = async (url: string, session_id: string, query: string, signal: AbortSignal): Promise<Response> =>
  answered(await fetch(`${url}/v1/session/${session_id}/events?tenant_id=${TENANT}&${query}`, { signal }))

const polling = (url: string): Read =>
  async function* read(session_id, offset, left) {
    for (;;) {
      const response = await eventsAt(url, session_id, `offset=${offset}`, left)
      offset = response.headers.get('stream-next-offset') ?? offset
      yield { events: (await response.json()) as Batch['events'], offset }
      if (response.headers.has('stream-up-to-date')) await pause(POLL_MS, undefined, { signal: left })
    }
  }

/** `data` is a list of events, and the `control` behind it says what place is behind them (docs/protocol.md §6). */
const listening = (url: string): Read =>
  async function* read(session_id, offset, left) {
    let events: Batch['events'] = []
    for await (const said of saidIn(await eventsAt(url, session_id, `offset=${offset}&live=sse`, left))) {
      if (Array.isArray(said)) events = said as Batch['events']
      else yield { events: events.splice(0), offset: (said as { streamNextOffset: string }).streamNextOffset }
    }
  }

async function* saidIn({ body }: Response): AsyncGenerator {
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block)?.[1]
      if (data !== undefined) yield JSON.parse(data) as unknown
    }
  }
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`)
}

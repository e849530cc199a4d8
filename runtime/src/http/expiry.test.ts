// What is read for long ends with its token, and a reader comes back with a fresh one and its offset (docs/protocol.md §4, §6).

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'

import type { SocketMessage } from '@biplane/protocol'
import { WebSocket } from 'ws'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { tickets } from './testing/ticket-realm.ts'
import { TokenMint, type Wish } from './testing/token-mint.ts'

/** A token is taken 5 s past its exp, for clocks that differ: this one for two to three more seconds. */
const SHORT = -2

let mint: TokenMint
let runtime: TestRuntime
let mine: Record<string, string>

before(async () => {
  mint = await TokenMint.open()
  const limits = { server: { authenticateMsMax: 2_000 } }
  runtime = await TestRuntime.start([tickets], { auth: mint.file, limits })
  mine = await mint.bearer()
})

after(async () => {
  await runtime[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

async function newSession(): Promise<string> {
  return (await runtime.call('POST', '/api/session/create', {}, mine)).body.session.session_id
}

async function note(session_id: string): Promise<void> {
  const body = { intent_type: 'tickets.note', realm: 'tickets', session_id, payload: {} }
  const { body: answer } = await runtime.call('POST', '/api/intent/submit', body, { ...mine, prefer: 'wait=10' })
  assert.equal(answer.status, 'completed')
}

const seqsIn = (text: string) => [...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq))

interface Told {
  code?: string
  session_id?: string
}

interface Opened {
  socket: WebSocket
  messages: SocketMessage[]
  closed: Promise<number>
  send(message: object): void
  /** Resolves with the first message of a type behind those looked at before. */
  next(type: SocketMessage['type']): Promise<Told>
}

async function open(headers: Record<string, string> = {}): Promise<Opened> {
  const socket = new WebSocket(`${runtime.url.replace('http', 'ws')}/api/events`, { headers })
  const messages: SocketMessage[] = []
  let looked = 0
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as SocketMessage))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    next: (type) =>
      waitFor(() => {
        while (looked < messages.length) {
          const message = messages[looked++]
          if (message?.type === type) return message as Told
        }
        return null
      }, `a message of type ${type}`),
  }
}

const authenticate = async (wish: Wish = {}) => ({ type: 'authenticate', token: await mint.token(wish) })

const seqsOf = (messages: SocketMessage[]) =>
  messages.flatMap((message) => (message.type === 'event' ? [message.event.seq] : []))

// Most of them wait for a token to expire: together.
describe('what is read for long', { concurrency: true }, () => {
  test('server-sent events end with their token, after a control event from which a fresh one goes on', async () => {
    const session = await newSession()
    const url = `${runtime.url}/api/session/${session}/events?live=sse&offset=-1`
    const response = await fetch(url, { headers: await mint.bearer({ lives_s: SHORT }) })
    assert.equal(response.status, 200)
    const ended = response.text()
    await note(session)
    const text = await ended
    const lastBlock = text.trimEnd().split('\n\n').at(-1) ?? ''
    assert.match(lastBlock, /^event: control\ndata:\{.*\}\nid: (\d{16})$/)
    const offset = /id: (\d{16})/.exec(lastBlock)?.[1]
    await note(session)
    const rest = await runtime.call('GET', `/api/session/${session}/events?offset=${offset}`, undefined, mine)
    const all = [...seqsIn(text), ...rest.body.map(({ seq }: { seq: number }) => seq)]
    assert.deepEqual(
      all,
      Array.from({ length: 9 }, (_, i) => i + 1),
      'none is missing, none comes twice',
    )
  })

  test('a long poll and a wait for a result are answered when their token expires', async () => {
    const session = await newSession()
    const path = `/api/session/${session}/events?live=long-poll&offset=now`
    const polled = runtime.call('GET', path, undefined, await mint.bearer({ lives_s: SHORT }))
    const body = { intent_type: 'tickets.open', realm: 'tickets', session_id: await newSession(), payload: {} }
    const headers = { ...(await mint.bearer({ lives_s: SHORT })), prefer: 'wait=60' }
    const waited = runtime.call('POST', '/api/intent/submit', body, headers)
    assert.equal((await polled).status, 204)
    assert.equal((await waited).status, 202)
  })

  test('a browser’s socket shows its token in its first message; before that nothing is told', async () => {
    const session_id = await newSession()
    const { send, next, socket, messages } = await open()
    send({ type: 'subscribe', session_id })
    assert.equal((await next('error')).code, 'unauthenticated')
    send(await authenticate())
    send({ type: 'subscribe', session_id })
    await next('authenticated')
    await next('caught_up')
    assert.deepEqual(seqsOf(messages), [1])
    socket.close()
  })

  test('a socket without a token in time is closed, and so is one whose token does not hold', async () => {
    const silent = await open()
    const liar = await open()
    liar.send(await authenticate({ claims: { aud: 'someone-else' } }))
    assert.equal((await liar.next('error')).code, 'unauthenticated')
    const blind = await open()
    blind.send(await authenticate({ claims: { scope: 'intent:submit' } }))
    assert.equal((await blind.next('error')).code, 'forbidden')
    assert.deepEqual(await Promise.all([silent.closed, liar.closed, blind.closed]), [4401, 4401, 4401])
  })

  test('when its token expires a socket is told nothing more, until a fresh one lets its streams go on where they were', async () => {
    const session_id = await newSession()
    const { send, next, socket, messages } = await open(await mint.bearer({ lives_s: SHORT }))
    send({ type: 'subscribe', session_id })
    await next('caught_up')
    const told = await next('error')
    assert.deepEqual([told.code, told.session_id], ['unauthenticated', undefined])
    await note(session_id)
    send({ type: 'nonsense' })
    assert.equal((await next('error')).code, 'body_invalid')
    assert.deepEqual(seqsOf(messages), [1], 'nothing of what happened meanwhile')
    send(await authenticate())
    await next('authenticated')
    await waitFor(() => seqsOf(messages).length === 5, 'the events that happened meanwhile')
    assert.deepEqual(seqsOf(messages), [1, 2, 3, 4, 5])
    socket.close()
  })

  test('a socket whose token has expired is closed if no fresh one comes', async () => {
    const { next, closed } = await open(await mint.bearer({ lives_s: SHORT }))
    await next('error')
    assert.equal(await closed, 4401)
  })

  test('a socket stays whose it is: a token of another tenant, subject or session is refused, and it goes on with its own', async () => {
    const session_id = await newSession()
    const { send, next, socket } = await open(mine)
    for (const claims of [{ tenant_id: 'other' }, { sub: 'bob' }, { session_id }]) {
      send(await authenticate({ claims }))
      assert.equal((await next('error')).code, 'forbidden')
    }
    send(await authenticate({ lives_s: -60 }))
    assert.equal((await next('error')).code, 'unauthenticated')
    send({ type: 'subscribe', session_id })
    await next('caught_up')
    socket.close()
  })

  test('a bound token follows its own session on a socket, and no other', async () => {
    const [own, other] = [await newSession(), await newSession()]
    const { send, next, socket } = await open(await mint.bearer({ claims: { session_id: own } }))
    send({ type: 'subscribe', session_id: other })
    const refused = await next('error')
    assert.deepEqual([refused.code, refused.session_id], ['session_not_found', other])
    send({ type: 'subscribe', session_id: own })
    assert.equal((await next('caught_up')).session_id, own)
    socket.close()
  })

  test('without authentication a token means nothing on a socket', async () => {
    await using openRuntime = await TestRuntime.start([])
    const socket = new WebSocket(`${openRuntime.url.replace('http', 'ws')}/api/events`)
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'authenticate', token: 'whatever' }))
    const [data] = (await once(socket, 'message')) as [Buffer]
    assert.deepEqual(JSON.parse(data.toString()), { type: 'authenticated' })
    socket.close()
  })
})

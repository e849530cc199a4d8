// A message on a WebSocket of its own, and after it one that must be answered: whoever is refused is told so or closed, and hears on.

import { once } from 'node:events'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Door } from '../authority/house.ts'
import { afterLiving } from './lived-time.ts'
import { type Outcome, judged } from './outcome.ts'
import type { SocketRequest } from './request.ts'
import { HANG_MS_MAX } from './send-http.ts'

/** How long the first answer is waited for before the probe is sent: not every message has one. */
const QUIET_MS = 100
const FRAME_MS = 150
const PROBE = 'probe'

export function sendOnSocket(request: SocketRequest, door: Door, token: string, ofLog: string): Promise<Outcome> {
  return request.kind === 'frames' ? sendFrames(request, door, token) : converse(request, door, token, ofLog)
}

/** `ofLog`: a token that the socket of the log takes to be renewed. */
async function converse(
  { address, message, binary }: SocketRequest,
  { url }: Door,
  token: string,
  ofLog: string,
): Promise<Outcome> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${address}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const heard: string[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const stopClock = afterLiving(HANG_MS_MAX, () => resolve('hang'))
  const probe = JSON.stringify(
    address === '/v1/socket' ? { type: 'ping', id: PROBE } : { type: 'authenticate', token: ofLog },
  )
  const ask = () => socket.readyState === WebSocket.OPEN && socket.send(probe)
  let quiet: NodeJS.Timeout | undefined
  socket.addEventListener('open', () => {
    socket.send(binary ? message : message.toString())
    quiet = setTimeout(ask, QUIET_MS)
  })
  socket.addEventListener('message', ({ data }) => {
    heard.push(String(data))
    if (/"type":"(pong|authenticated)"/.test(String(data))) resolve('answered')
    else if (heard.length === 1) ask()
  })
  socket.addEventListener('close', ({ code }) => resolve(`closed ${code}`))
  socket.addEventListener('error', () => resolve('closed hard'))
  const end = await promise
  stopClock()
  clearTimeout(quiet)
  socket.close()
  return outcomeOf(end, heard)
}

function outcomeOf(end: string, heard: string[]): Outcome {
  const text = heard.join('\n')
  if (end === 'hang' || end === 'closed 1011') return { answer: end, wrong: text }
  const status = Math.max(0, ...[...text.matchAll(/"status":(\d{3})/g)].map(([, status]) => Number(status)))
  return judged(status === 0 ? end : String(status), status, text)
}

/** A frame with bytes changed, its head among them; what is asked is that nobody falls over it. */
async function sendFrames({ address, message, binary }: SocketRequest, { url }: Door, token: string): Promise<Outcome> {
  const socket = await upgrade(url, address, token)
  if (socket === null) return { answer: 'refused' }
  socket.on('error', () => {})
  const gone = once(socket, 'close', { signal: AbortSignal.timeout(FRAME_MS) }).then(
    () => 'closed',
    () => 'left',
  )
  socket.resume()
  socket.write(frameOf(message, binary))
  const answer = await gone
  socket.destroy()
  return { answer }
}

function upgrade(url: string, path: string, token: string): Promise<Duplex | null> {
  const { promise, resolve } = Promise.withResolvers<Duplex | null>()
  const headers = {
    authorization: `Bearer ${token}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const asked = request(`${url}${path}`, { headers })
  asked.on('upgrade', (_, socket) => resolve(socket))
  asked.on('response', (answer) => {
    answer.resume()
    resolve(null)
  })
  asked.on('error', () => resolve(null))
  asked.end()
  return promise
}

const SHORT_MAX = 125
const MASKED = 0x80
/** By the message's own length: reserved bits, unknown opcodes, lengths that lie, no mask. */
const HEADS: readonly ((length: number) => number[])[] = [
  (length) => [0x81, MASKED | length],
  (length) => [0xf1, MASKED | length],
  (length) => [0x83, MASKED | length],
  (length) => [0x81, length],
  () => [0x81, MASKED | 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  () => [0x89, MASKED | 126, 0x10, 0x00],
  (length) => [0x80, MASKED | length],
  () => [0x88, MASKED | 1],
]

function frameOf(message: Buffer, binary: boolean): Buffer {
  const head = HEADS[message.length % HEADS.length] ?? HEADS[0]
  const body = message.subarray(0, SHORT_MAX)
  const mask = Buffer.alloc(4)
  const frame = Buffer.concat([Buffer.from(head?.(body.length) ?? []), mask, body])
  return binary ? frame.subarray(0, frame.length - 1) : frame
}

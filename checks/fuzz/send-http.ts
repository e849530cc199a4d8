// A request of HTTP as bytes on a connection of its own: what no client would send can be sent, and nothing is put right on the way.

import { connect } from 'node:net'

import type { Door } from '../authority/house.ts'
import { Chance } from './chance.ts'
import { afterLiving } from './lived-time.ts'
import { flipped } from './mutate.ts'
import { type Outcome, judged } from './outcome.ts'
import type { HttpRequest } from './request.ts'

/** No answer may take longer: one that does hangs. */
export const HANG_MS_MAX = 30_000
/** What may rightly wait is left alone after so long. */
const LEAVE_MS = 750
const HEARD_MAX = 64 * 1024
/** Who sends more may find the connection closed before the answer is read. */
const SMALL_BYTES = 16 * 1024

export async function sendHttp(request: HttpRequest, { url }: Door, token: string): Promise<Outcome> {
  const bytes = bytesOf(request, new URL(url).host, token)
  const sent = request.kind === 'raw' ? changed(request, bytes) : bytes
  const heard = await exchange(url, sent, mayWait(request) ? LEAVE_MS : HANG_MS_MAX)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(heard.text)?.[1] ?? 0)
  if (status > 0) return judged(String(status), status, heard.text)
  const answer = heard.closed ? 'closed' : 'left'
  if (mayWait(request) || (heard.closed && sent.length > SMALL_BYTES)) return { answer }
  return {
    answer,
    wrong: `${request.method} ${request.path.slice(0, 300)} ${JSON.stringify(request.headers)}: no answer`,
  }
}

function bytesOf({ method, path, headers, body }: HttpRequest, host: string, token: string): Buffer {
  const own = [
    ['host', host],
    ['connection', 'close'],
  ]
  if (!headers.some(([name]) => name === 'authorization')) own.push(['authorization', `Bearer ${token}`])
  if (body.length > 0 || !['GET', 'HEAD'].includes(method)) own.push(['content-length', String(body.length)])
  const lines = [...own, ...headers].map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')), body])
}

function changed({ how, salt }: HttpRequest, bytes: Buffer): Buffer {
  const chance = new Chance(salt, 0)
  if (how === 'truncated') return bytes.subarray(0, chance.below(bytes.length))
  return how === 'flipped' ? flipped(chance, bytes) : bytes
}

const WAITS = ['prefer', 'content-length', 'transfer-encoding']
const mayWait = ({ kind, path, headers }: HttpRequest): boolean =>
  kind !== 'http' || path.includes('live=') || headers.some(([name]) => WAITS.includes(name))

/** All that comes until the other side closes, or until its time is up. */
function exchange(url: string, sent: Buffer, ms: number): Promise<{ text: string; closed: boolean }> {
  const { hostname, port } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<{ text: string; closed: boolean }>()
  const socket = connect(Number(port), hostname)
  let text = ''
  const end = (closed: boolean) => {
    stopClock()
    socket.destroy()
    resolve({ text, closed })
  }
  const stopClock = afterLiving(ms, () => end(false))
  socket.on('data', (chunk: Buffer) => {
    if (text.length < HEARD_MAX) text += chunk.toString()
  })
  // A server that has refused may close hard while we still send.
  socket.on('error', () => end(true))
  socket.on('close', () => end(true))
  socket.write(sent)
  return promise
}

// A socket as a test holds it: how its opening was answered, and what is said on it after one message.

import { once } from 'node:events'
import { request } from 'node:http'

import type { Ears } from './ask.ts'

export interface Message {
  type: string
  id?: string
  [field: string]: unknown
}

const ANSWER_MS_MAX = 10_000

/** The status that opening it is answered with: 101 if it opens. */
export function upgradeStatus(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
    const asked = request(`${url}${path}`, { headers: { ...headers, ...upgrade, ...key } })
    asked.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve(101)
    })
    asked.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })
}

export class Line implements Disposable {
  readonly #socket: WebSocket

  private constructor(socket: WebSocket, tenant: string, ears: Ears) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => ears.hear(tenant, String(data)))
  }

  static async open(
    url: string,
    path: string,
    headers: Record<string, string>,
    tenant: string,
    ears: Ears,
  ): Promise<Line> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers })
    await once(socket, 'open')
    return new Line(socket, tenant, ears)
  }

  tell(message: Message): void {
    this.#socket.send(JSON.stringify(message))
  }

  /** What is said next, as a text. */
  async ask(message: Message): Promise<string> {
    const next = once(this.#socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    this.tell(message)
    const [{ data }] = (await next) as [{ data: unknown }]
    return String(data)
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}

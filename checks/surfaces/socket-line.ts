// A line to a gateway's socket: what is said on it, and what is heard. When it was lost, the next word opens another.

import { on, once } from 'node:events'

import { TENANT } from './surface.ts'

export interface Message {
  type: string
  id?: string
  [field: string]: unknown
}

export class SocketLine {
  readonly #address: string
  #socket: WebSocket | null = null
  #asked = 0

  constructor(url: string) {
    this.#address = `${url.replace('http', 'ws')}/v1/socket?tenant_id=${TENANT}`
  }

  /** Says it, and hears all that is said from then on, until the line is lost or `left` aborts. */
  async *say(message: Message, left?: AbortSignal): AsyncGenerator<Message> {
    const socket = await this.#open()
    const heard = on(socket, 'message', { close: ['close'], ...(left && { signal: left }) }) as AsyncIterable<
      [MessageEvent]
    >
    socket.send(JSON.stringify(message))
    for await (const [{ data }] of heard) yield JSON.parse(String(data)) as Message
  }

  /** Says it, if there is a line, and expects no answer. */
  tell(message: Message): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** Resolves with the answer of that type. @throws Error if it is refused */
  async ask(message: Message, answer: string): Promise<Message> {
    const { id = `q${++this.#asked}` } = message
    for await (const heard of this.say({ ...message, id })) {
      if (heard.id !== id) continue
      if (heard.type === 'error') throw new Error(JSON.stringify(heard))
      if (heard.type === answer) return heard
    }
    throw new Error('The line was lost before the answer.')
  }

  /** A frame of bytes begins with the length of the upload's id, and the id. Resolves with what a payload may name. */
  async upload(file: File): Promise<unknown> {
    const socket = await this.#open()
    const id = `u${++this.#asked}`
    const { name, type: media_type, size } = file
    socket.send(JSON.stringify({ type: 'upload', id, name, media_type, size }))
    socket.send(Buffer.concat([Buffer.of(id.length), Buffer.from(id), Buffer.from(await file.arrayBuffer())]))
    return (await this.ask({ type: 'upload_end', id }, 'stored'))['artifact']
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket
    const socket = new WebSocket(this.#address, 'biplane.v1')
    await Promise.race([once(socket, 'open'), once(socket, 'close')])
    if (socket.readyState !== WebSocket.OPEN) throw new Error('Nobody is at the other end of the line.')
    this.#socket = socket
    return socket
  }
}

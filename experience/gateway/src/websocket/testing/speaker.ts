// A client of the socket for tests: it says what it is told to, and keeps what it hears.

import { once } from 'node:events'

import { until } from '@biplane/client/testing'
import type { Event } from '@biplane/protocol'
import { type ClientOptions, WebSocket } from 'ws'

export interface Heard {
  type: string
  id?: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  [field: string]: any
}

export interface SpeakerOptions extends ClientOptions {
  query?: string
}

export class Speaker {
  readonly socket: WebSocket
  readonly heard: Heard[] = []
  /** How it ended, if it has. */
  closed: { code: number; reason: string } | undefined
  #asked = 0

  private constructor(url: string, options: SpeakerOptions) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket${options.query ?? ''}`, 'biplane.v1', options)
    this.socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as Heard))
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }))
    this.socket.on('error', () => {})
  }

  static async open(url: string, options: SpeakerOptions = {}): Promise<Speaker> {
    const speaker = new Speaker(url, options)
    await once(speaker.socket, 'open')
    return speaker
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The first answer. */
  async ask(message: { id?: string; type: string; [field: string]: unknown }): Promise<Heard> {
    const id = message.id ?? `q${++this.#asked}`
    const from = this.heard.length
    this.say({ ...message, id })
    return until(`the answer to ${message.type}`, () => this.heard.slice(from).find((one) => one.id === id))
  }

  hears(type: string, of: Record<string, unknown> = {}): Promise<Heard> {
    const isIt = (one: Heard) => one.type === type && Object.entries(of).every(([name, value]) => one[name] === value)
    return until(`${type} ${JSON.stringify(of)}`, () => this.heard.find(isIt))
  }

  /** The events of a session that came by now, in the order they came. */
  events(session_id: string): Event[] {
    return this.heard
      .filter((one) => one.type === 'event' && one['session_id'] === session_id)
      .map((one) => one['event'])
  }

  /** A frame of an upload. */
  send(upload: string, bytes: Uint8Array): void {
    this.socket.send(Buffer.concat([Buffer.of(upload.length), Buffer.from(upload), bytes]))
  }

  async ended(): Promise<{ code: number; reason: string }> {
    return until('the socket to be closed', () => this.closed)
  }

  async session(tenant_id = 'acme'): Promise<string> {
    const { answer } = await this.ask({ type: 'create_session', tenant_id })
    return answer.session.session_id
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }
}

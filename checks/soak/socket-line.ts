// Many sessions on one WebSocket of the gateway.

import { WebSocket } from 'ws'

import type { Given } from './record.ts'
import type { Line, Place } from './subscriber.ts'

const AGAIN_MS = 1_000

interface Message {
  type: string
  session_id?: string
  offset?: string
  event?: Given
}

export const socketLine =
  (gateway: string): Line =>
  (places, take, _manner, signal) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${gateway.replace('http', 'ws')}/v1/socket?tenant_id=soak`, 'biplane.v1')
      const cut = () => socket.terminate()
      signal.addEventListener('abort', cut, { once: true })
      const subscribe = ({ sessionId, offset }: Place) => {
        if (socket.readyState !== socket.OPEN) return
        socket.send(JSON.stringify({ type: 'subscribe', id: sessionId, session_id: sessionId, offset }))
      }
      socket.on('open', () => places.forEach(subscribe))
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message
        const place = places.find(({ sessionId }) => sessionId === message.session_id)
        // What arrives behind the cut was never seen.
        if (signal.aborted || place === undefined) return
        if (message.type === 'event') take(place, [message.event!], message.offset!)
        // The runtime is away: the stream is not followed, and has to be asked for again.
        if (message.type === 'error') setTimeout(() => subscribe(place), AGAIN_MS)
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        signal.removeEventListener('abort', cut)
        resolve()
      })
    })

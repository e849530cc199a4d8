// Many sessions on one WebSocket of the gateway.

import { WebSocket } from 'ws'

import type { Given } from './record.ts'
import type { Line, Place } from './subscriber.ts'

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
      socket.on('open', () => {
        for (const { sessionId, offset } of places) {
          socket.send(JSON.stringify({ type: 'subscribe', id: sessionId, session_id: sessionId, offset }))
        }
      })
      socket.on('message', (data: Buffer) => {
        // What arrives behind the cut was never seen.
        if (!signal.aborted) hear(JSON.parse(data.toString()) as Message, places, take)
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        signal.removeEventListener('abort', cut)
        resolve()
      })
    })

function hear({ type, event, offset }: Message, places: readonly Place[], take: Parameters<Line>[1]): void {
  if (type !== 'event' || event === undefined || offset === undefined) return
  const place = places.find(({ sessionId }) => sessionId === event.session_id)
  if (place !== undefined) take(place, [event], offset)
}

// One reader: a WebSocket of the gateway that follows one session from now on.

import { WebSocket } from 'ws'

import { TENANT, type Wire } from './talk.ts'

/** Answers with the socket once it is caught up; `hear` gets what comes from then on. */
export function follow(
  gateway: string,
  session: string,
  hear: (message: Wire, text: string) => void,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${gateway.replace('http', 'ws')}/v1/socket?tenant_id=${TENANT}`, 'biplane.v1')
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'subscribe', id: 's', session_id: session, offset: 'now' }))
    })
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      const message = JSON.parse(text) as Wire & { type: string }
      if (message.type === 'caught_up') resolve(socket)
      if (message.type === 'error') reject(new Error(text))
      if (message.type === 'event') hear(message, text)
    })
  })
}

/** Opens `count` of them, some at a time. */
export async function many<T>(count: number, open: (i: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = []
  for (let i = 0; i < count; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, j) => open(i + j))
    opened.push(...(await Promise.all(some)))
  }
  return opened
}

const AT_ONCE = 200

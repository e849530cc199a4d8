// How long until the last of many readers of one session has an event, beside how long a server of bare `ws` takes to send the
// same text to as many sockets.

import { WebSocket } from 'ws'

import { follow, many } from './reader.ts'
import { openSession, signal, submit } from './talk.ts'

const EVENTS = 20
const LOOKED_AT = 'signal.received'

/** Answers the mean time in milliseconds from the commit to the last reader, and one message as it was sent. */
export async function fanOut(runtime: string, gateway: string, readers: number): Promise<{ ms: number; text: string }> {
  const session = await openSession(runtime)
  const execution = await submit(runtime, 'bench.listen', session, 0)
  const arrived = createCount(readers)
  let sample = ''
  const sockets = await many(readers, () =>
    follow(gateway, session, ({ event }, text) => {
      if (event.type !== LOOKED_AT) return
      sample = text
      arrived.one(Date.parse(event.time))
    }),
  )
  const times: number[] = []
  for (let i = 0; i < EVENTS; i++) {
    const all = arrived.all()
    await signal(runtime, execution)
    times.push(await all)
  }
  sockets.forEach((socket) => socket.terminate())
  return { ms: mean(times), text: sample }
}

/** The same for the bare server. */
export async function bareFanOut(bare: string, readers: number, text: string): Promise<number> {
  const arrived = createCount(readers)
  const sockets = await many(readers, () => openBare(bare, arrived.one))
  const times: number[] = []
  for (let i = 0; i < EVENTS; i++) {
    const all = arrived.all()
    sockets[0]!.send(JSON.stringify({ text }))
    times.push(await all)
  }
  sockets.forEach((socket) => socket.terminate())
  return mean(times)
}

function openBare(url: string, one: (at: number) => void): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    socket.on('open', () => resolve(socket))
    socket.on('error', reject)
    // Both readers look into what they get.
    socket.on('message', (data: Buffer) => {
      const { at, text } = JSON.parse(data.toString()) as { at: number; text: string }
      JSON.parse(text)
      one(at)
    })
  })
}

/** Counts arrivals of one event at all readers. */
function createCount(readers: number) {
  let [left, done] = [readers, (_ms: number) => {}]
  return {
    /** Of the next event: milliseconds from when it was sent to when the last reader had it. */
    all(): Promise<number> {
      left = readers
      return new Promise((resolve) => (done = resolve))
    },
    one(at: number): void {
      if (--left === 0) done(performance.timeOrigin + performance.now() - at)
    },
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

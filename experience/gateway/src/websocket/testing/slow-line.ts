// A line to the runtime that a test can hold up, and that counts what has passed.

import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

import { until } from '@biplane/client/testing'

const QUIET_MS = 500

export interface SlowLine extends AsyncDisposable {
  url: string
  /** Takes no more of what is sent to the runtime. */
  hold(): void
  release(): void
  /** Bytes that came from the gateway. */
  taken(): number
  /** Resolves when nothing has passed either way for a moment. */
  quiet(): Promise<void>
}

export async function openSlowLine(target: string): Promise<SlowLine> {
  const { hostname, port } = new URL(target)
  const nears = new Set<Socket>()
  let isHeld = false
  let taken = 0
  let moved = performance.now()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    nears.add(near)
    near.on('close', () => nears.delete(near) && far.destroy())
    near.on('error', () => far.destroy())
    far.on('close', () => near.destroy())
    far.on('error', () => near.destroy())
    near.on('data', (chunk) => {
      taken += chunk.length
      moved = performance.now()
      if (!far.write(chunk)) near.pause()
    })
    far.on('drain', () => isHeld || near.resume())
    far.on('data', () => (moved = performance.now()))
    far.pipe(near)
    if (isHeld) near.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      isHeld = true
      nears.forEach((near) => near.pause())
    },
    release() {
      isHeld = false
      nears.forEach((near) => near.resume())
    },
    taken: () => taken,
    quiet: async () => void (await until('quiet', () => performance.now() - moved > QUIET_MS)),
    async [Symbol.asyncDispose]() {
      nears.forEach((near) => near.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

// A line to a plane that a test can hold up, and that counts what has passed.

import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

import { until } from '@biplane/client/testing'

const QUIET_MS = 500

export interface SlowLine extends AsyncDisposable {
  url: string
  /** Takes no more of what is sent to the plane. */
  hold(): void
  release(): void
  /** Bytes on their way to the plane. */
  taken(): number
  /** Bytes on their way from it. */
  given(): number
  /** Resolves when nothing passes either way for a moment, from now on. */
  quiet(): Promise<void>
}

export async function openSlowLine(target: string): Promise<SlowLine> {
  const { hostname, port } = new URL(target)
  const nears = new Set<Socket>()
  let isHeld = false
  let taken = 0
  let given = 0
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
    far.on('data', (chunk) => {
      given += chunk.length
      moved = performance.now()
    })
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
    given: () => given,
    async quiet() {
      moved = performance.now()
      await until('quiet', () => performance.now() - moved > QUIET_MS)
    },
    async [Symbol.asyncDispose]() {
      nears.forEach((near) => near.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

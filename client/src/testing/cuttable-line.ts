// A line between a client and a server that a test can cut: what a network does, done on purpose.

import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

export interface CuttableLine extends AsyncDisposable {
  url: string
  /** Cuts every connection there is. */
  cut(): void
  /** The next `count` answers are cut off before their first byte, when the server has already done what it was asked. */
  loseAnswers(count: number): void
  /** Connections that are made from now on are cut when so many bytes have come through to the client; null: never. */
  bytesToClient: number | null
  /** Called when one was cut so. */
  onCut: () => void
  /** Connections that were ever made. */
  connections(): number
  /** Connections that there are. */
  open(): number
}

export async function openLine(target: string): Promise<CuttableLine> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let connections = 0
  let toLose = 0
  const cutOff = (near: Socket) => {
    near.resetAndDestroy()
    line.onCut()
  }
  const server = createServer((near) => {
    connections++
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    near.pipe(far)
    let left = line.bytesToClient ?? Infinity
    far.on('data', (chunk: Buffer) => {
      if (toLose > 0) {
        toLose--
        return near.destroy()
      }
      const passed = chunk.subarray(0, left)
      left -= passed.length
      if (left > 0) return near.write(passed)
      far.pause()
      near.write(passed, () => cutOff(near))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const line: CuttableLine = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    loseAnswers: (count) => void (toLose = count),
    bytesToClient: null,
    onCut: () => {},
    connections: () => connections,
    open: () => sockets.size / 2,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
  return line
}

// A line between a reader and a runtime that a test can cut, and lay to another runtime.

import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

export interface Line extends AsyncDisposable {
  url: string
  /** Where new connections lead. */
  target: string
  /** Cuts every connection there is. */
  cut(): void
  /** Connections that are made from now on are cut when so many bytes have come through to the reader; null: never. */
  bytesToReader: number | null
}

export async function openLine(target: string): Promise<Line> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const { hostname, port } = new URL(line.target)
    const far = connect(Number(port), hostname)
    join(sockets, near, far)
    near.pipe(far)
    if (line.bytesToReader === null) far.pipe(near)
    else passBytes(far, near, line.bytesToReader)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const line: Line = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    bytesToReader: null,
    async [Symbol.asyncDispose]() {
      line.cut()
      server.close()
      await once(server, 'close')
    },
  }
  return line
}

/** One does not outlive the other. */
function join(sockets: Set<Socket>, near: Socket, far: Socket): void {
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
}

/** So many bytes and not one more; then the reader's side ends as a line that is cut does. */
function passBytes(far: Socket, near: Socket, count: number): void {
  let left = count
  far.on('data', (chunk) => {
    if (chunk.length < left) {
      left -= chunk.length
      near.write(chunk)
      return
    }
    far.pause()
    near.write(chunk.subarray(0, left), () => near.resetAndDestroy())
  })
  if (count === 0) far.once('data', () => near.resetAndDestroy())
}

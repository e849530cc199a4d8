// What the fan-out is compared with: a server of nothing but `ws`, which sends to each of its sockets a text that it is told, with
// the time at which it began.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { WebSocketServer } from 'ws'

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

sockets.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { text } = JSON.parse(data.toString()) as { text: string }
    const message = JSON.stringify({ at: Date.now(), text })
    for (const other of sockets.clients) other.send(message)
  })
})

server.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
process.on('SIGTERM', () => process.exit())

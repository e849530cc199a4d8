// A tab, as a thread that can be killed: it follows a session on the line that all tabs share, and tells what it sees and when it
// opens a socket of its own.

import { parentPort, workerData } from 'node:worker_threads'

import { createClient } from '@biplane/client'
import { givenSurroundings } from '@biplane/client/testing'

export interface TabData {
  url: string
  sessionId: string
}
export type FromTab = { seq: number } | { opened: number } | { closed: true }

const { url, sessionId } = workerData as TabData
const tell = (message: FromTab) => parentPort?.postMessage(message)
const here = givenSurroundings()
const surroundings = {
  ...here,
  openSocket: (...opening: Parameters<NonNullable<typeof here.openSocket>>) => {
    const socket = here.openSocket?.(...opening)
    if (socket === undefined) throw new Error('There are no sockets here.')
    tell({ opened: here.opened() })
    return socket
  },
}
const client = createClient({ url, tenantId: 'acme', share: 'acme/ada', surroundings })
for await (const { event } of client.follow(sessionId, { live: 'shared' })) tell({ seq: event.seq })
tell({ closed: true })

// The WebSocket of docs/protocol.md §6, passed on as bytes: once both sides have agreed to it, two sockets are tied together,
// each at the other's pace. Frames are not read here.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError } from '@biplane/protocol'

import { endWith } from '../identity/credential-watch.ts'
import type { Kit } from './kit.ts'
import type { Upgrade } from './sockets.ts'

/** `address` is the one that sockets are opened at, such as `/v1/events`; `path` is the runtime's. */
export function relaySockets(kit: Kit, address: string, path: string): void {
  const open = new Set<Duplex>()
  // What is tied together has nothing to say at the end.
  kit.stopping.addEventListener('abort', () => open.forEach((socket) => socket.destroy()))

  kit.sockets.at(address, async (upgrade) => {
    const { request, socket, query } = upgrade
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    const caller = await kit.identity.resolve(request.headers, query.get('tenant_id') ?? undefined)
    const token = await caller.streamToken()
    endWith(kit.whileHolds, caller, socket)
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { ...upgradeHeaders(request), ...authorization }
    await connect(kit, upgrade, path + (query.size === 0 ? '' : `?${query.toString()}`), headers)
  })
}

/** Resolves when the two are tied, or the runtime has refused. @throws ProblemError runtime_unavailable */
function connect(kit: Kit, { socket, head }: Upgrade, path: string, headers: Record<string, string>): Promise<void> {
  const upstream = kit.runtime.open(path, headers)
  socket.on('close', () => upstream.destroy())
  return new Promise((resolve, reject) => {
    upstream.on('upgrade', (answer, runtimeSocket, runtimeHead) => {
      socket.write(headOf(answer, answer.rawHeaders))
      socket.write(runtimeHead)
      runtimeSocket.write(head)
      tie(socket, runtimeSocket)
      resolve()
    })
    upstream.on('response', (answer) => {
      socket.write(headOf(answer, ['Content-Type', answer.headers['content-type'] ?? '', 'Connection', 'close']))
      answer.pipe(socket)
      resolve()
    })
    upstream.on('error', (cause) => reject(new ProblemError('runtime_unavailable', cause.message, { cause })))
    upstream.end()
  })
}

/** When one side goes, the other goes with it: half a socket helps nobody. */
function tie(one: Duplex, other: Duplex): void {
  one.pipe(other)
  other.pipe(one)
  one.on('close', () => other.destroy())
  other.on('close', () => one.destroy())
  other.on('error', () => one.destroy())
}

const UPGRADE_HEADERS = [
  'connection',
  'upgrade',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
]

function upgradeHeaders({ headers }: IncomingMessage): Record<string, string> {
  const named = UPGRADE_HEADERS.map((name) => [name, headers[name]])
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as Record<string, string>
}

/** `headers`: names and values by turns. */
function headOf({ statusCode, statusMessage }: IncomingMessage, headers: string[]): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`]
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

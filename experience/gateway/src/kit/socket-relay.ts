// The WebSocket of docs/protocol.md §6, passed on as bytes: once both sides have agreed to it, two sockets are tied together,
// each at the other's pace. Frames are not read here.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError, refusedSite } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'

import type { Kit } from './kit.ts'
import { rawProblem } from './server.ts'

/** `address` is the one that sockets are opened at, such as `/v1/events`; `path` is the runtime's. */
export function relaySockets(server: Server, kit: Kit, log: FastifyBaseLogger, address: string, path: string): void {
  const open = new Set<Duplex>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', (error) => log.info({ reason: String(error) }, 'a socket broke off'))
    void connect(request, socket, head).catch((error: unknown) => refuse(socket, error))
  })
  kit.stopping.addEventListener('abort', () => open.forEach((socket) => socket.destroy()))

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [asked, query = ''] = (request.url ?? '').split('?', 2)
    const refused = refusedSite('GET', request.headers, kit.rules)
    if (refused !== null) throw refused
    if (asked !== address) throw new ProblemError('route_not_found', `No socket is at ${asked}.`)
    const tenant = new URLSearchParams(query).get('tenant_id') ?? undefined
    const { token } = await kit.identity.resolve(request.headers, tenant)
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const upstream = kit.runtime.open(path + (query && `?${query}`), { ...upgradeHeaders(request), ...authorization })
    upstream.on('upgrade', (answer, runtimeSocket, runtimeHead) => {
      socket.write(headOf(answer, answer.rawHeaders))
      socket.write(runtimeHead)
      runtimeSocket.write(head)
      tie(socket, runtimeSocket)
    })
    upstream.on('response', (answer) => {
      socket.write(headOf(answer, ['Content-Type', answer.headers['content-type'] ?? '', 'Connection', 'close']))
      answer.pipe(socket)
    })
    upstream.on('error', (cause) => refuse(socket, new ProblemError('runtime_unavailable', cause.message, { cause })))
    socket.on('close', () => upstream.destroy())
    upstream.end()
  }

  function refuse(socket: Duplex, error: unknown): void {
    if (!(error instanceof ProblemError)) log.error({ err: error }, 'a socket failed unexpectedly')
    const problem = error instanceof ProblemError ? error : new ProblemError('runtime_unavailable')
    if (socket.writable) socket.end(rawProblem(problem))
  }
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

const upgradeHeaders = ({ headers }: IncomingMessage) =>
  Object.fromEntries(UPGRADE_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))

/** `headers`: names and values by turns. */
function headOf({ statusCode, statusMessage }: IncomingMessage, headers: string[]): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`]
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

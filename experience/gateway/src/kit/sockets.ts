// Where sockets are opened: one ear for all upgrades of the server, and each goes to the surface that serves its path.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError, type SiteRules, refusedSite } from '@biplane/protocol'
import { showsSomething } from '../identity/presented.ts'
import type { Log } from './log.ts'
import { rawProblem } from './problem.ts'
import type { Limits } from './rate-limit.ts'
import { createTurns } from './turns.ts'

export interface Upgrade {
  request: IncomingMessage
  socket: Duplex
  /** What came behind the request already. */
  head: Buffer
  /** What stands behind the path. */
  query: URLSearchParams
  /** Counts credentials that did not hold, against where they came from; answers the error to tell. */
  afterFailure(error: ProblemError): ProblemError
}

export interface Sockets {
  /** Whoever asks is of a site that may; what `open` throws refuses the upgrade. */
  at(path: string, open: (upgrade: Upgrade) => Promise<void>): void
}

/** When the gateway stops, sockets have so long to say goodbye. */
const GOODBYE_MS = 1_000

export function createSockets(
  server: Server,
  rules: SiteRules,
  limits: Limits,
  stopping: AbortSignal,
  log: Log,
): Sockets {
  const openers = new Map<string, (upgrade: Upgrade) => Promise<void>>()
  const sockets = new Set<Duplex>()
  const takeTurn = createTurns()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error) => log.info({ reason: String(error) }, 'a socket broke off'))
    takeTurn(() => void open(request, socket, head).catch((error: unknown) => refuse(request, socket, error)))
  })
  stopping.addEventListener('abort', () => {
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), GOODBYE_MS).unref()
  })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refused = refusedSite('GET', request.headers, rules)
    if (refused !== null) throw refused
    const [path = '', query] = (request.url ?? '').split('?', 2)
    const opener = openers.get(path)
    if (opener === undefined) throw new ProblemError('route_not_found', `No socket is at ${path}.`)
    const afterFailure = (error: ProblemError) => limits.afterFailure(error, addressOf(request))
    await opener({ request, socket, head, query: new URLSearchParams(query), afterFailure })
  }

  function refuse(request: IncomingMessage, socket: Duplex, error: unknown): void {
    if (!(error instanceof ProblemError)) log.error({ err: error }, 'a socket failed unexpectedly')
    const problem = error instanceof ProblemError ? error : new ProblemError('internal')
    const isFailure = problem.code === 'unauthenticated' && showsSomething(request.headers)
    const told = isFailure ? limits.afterFailure(problem, addressOf(request)) : problem
    if (socket.writable) socket.end(rawProblem(told))
  }

  return { at: (path, opener) => void openers.set(path, opener) }
}

const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? ''

// MCP over stdio: a process that an agent's host starts, and that ends with it. What it has begun goes on in the runtime.

import type { Readable, Writable } from 'node:stream'

import { createClient } from '@biplane/client'
import { MAX_BODY_BYTES } from '@biplane/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'

import { createCatalogue } from '../kit/catalogue.ts'
import type { Log } from '../kit/log.ts'
import { LIMITS } from './limits.ts'
import { createMcpServer } from './mcp-server.ts'
import { createSlots } from './slots.ts'
import type { Station } from './station.ts'
import { type StdioPlace, doorOfPlace } from './stdio-door.ts'
import { createTools } from './tools.ts'

export interface StdioOptions {
  place: StdioPlace
  input: Readable
  output: Writable
  log: Log
  /** Ends it; calls under way answer first, with what they know. */
  stop: AbortSignal
}

/** What has come and was not read yet: more than the largest message. */
const UNREAD_BYTES_MAX = 2 * MAX_BODY_BYTES

class HostTransport extends StdioServerTransport {
  readonly #closed = Promise.withResolvers<void>()
  readonly closed = this.#closed.promise

  override async close(): Promise<void> {
    await super.close()
    this.#closed.resolve()
  }
}

/** Resolves when the host has closed its side, or it was stopped. */
export async function serveMcpOverStdio({ place, input, output, log, stop }: StdioOptions): Promise<void> {
  const { url, token } = place
  const ended = new AbortController()
  const catalogue = createCatalogue(createClient({ url, retries: 0, ...(token === undefined ? {} : { token }) }), log)
  const slots = createSlots(LIMITS)
  const station: Station = { tools: createTools(catalogue, LIMITS), slots, limits: LIMITS, stopping: stop }
  const door = doorOfPlace(place, { requestId: `pid_${process.pid}`, log })
  await catalogue.keepFresh(AbortSignal.any([stop, ended.signal]))

  // A client that first asks which protocol is spoken gets a server for that alone; the last one made is the one that stays.
  let server: McpServer | null = null
  const make = () => (server = createMcpServer(station, door, true))
  const transport = new HostTransport(input, output, { maxBufferSize: UNREAD_BYTES_MAX })
  const connection = serveStdio(make, { transport, onerror: (error) => log.warn(error, 'a message went wrong') })
  catalogue.onChange(() => server?.sendToolListChanged())
  stop.addEventListener('abort', () => void slots.idle().then(() => setImmediate(() => void connection.close())))

  await transport.closed
  ended.abort()
}

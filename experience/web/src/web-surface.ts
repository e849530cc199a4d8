// One web app at `/`: its page, which answers at every address that the app itself may have made, and its assets, whose names change
// with what is in them.

import { randomBytes } from 'node:crypto'

import type { Surface } from '@biplane/gateway'

import { type AppName, openBuilt } from './built-app.ts'
import { policyWith } from './content-security.ts'
import { NOT_BUILT } from './not-built.ts'

const NONCE_BYTES = 18
const A_YEAR_S = 31_536_000
/** Below these an address means a call, and never a page of the app. */
const OF_CALLS = /^\/(v1|auth|mcp|docs|assets)(\/|$)/
const NAME_OF_ASSET = /^[\w-][\w.-]*$/

/** As much of an answer of the gateway's server as is written here. */
interface Reply {
  code(status: number): Reply
  type(type: string): Reply
  header(name: string, value: string): Reply
  send(body: string | Buffer): Reply
  callNotFound(): void
}

/** `dist`: where the built apps are. */
export function webSurface(name: AppName, dist?: string): Surface {
  const app = openBuilt(name, dist)
  return {
    name,
    mount(server) {
      if (server.hasRoute({ method: 'GET', url: '/' })) {
        throw new Error(
          `There is a page at / already. Give ${name} a process of its own, with --only or another --config.`,
        )
      }
      const method = ['GET', 'HEAD']
      server.route({ method, url: '/', handler: (_request, reply) => page(reply) })
      server.route({
        method,
        url: '/*',
        // A person who reloads, or follows a link into the app; a program that has a wrong address is told so.
        handler: ({ url, headers }, reply) =>
          headers.accept?.includes('text/html') && !OF_CALLS.test(url) ? page(reply) : reply.callNotFound(),
      })
      server.route<{ Params: { file: string } }>({
        method,
        url: '/assets/:file',
        handler: ({ params, headers }, reply) => asset(params.file, headers['accept-encoding'] ?? '', reply),
      })
    },
  }

  async function page(reply: Reply): Promise<Reply> {
    const html = await app.page()
    reply.type('text/html; charset=utf-8')
    if (html === null) return reply.code(503).send(NOT_BUILT)
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    return reply.header('content-security-policy', policyWith(nonce)).send(html(nonce))
  }

  async function asset(file: string, accepted: string, reply: Reply): Promise<Reply> {
    const found = NAME_OF_ASSET.test(file) ? await app.asset(file, accepted) : null
    if (found === null) {
      reply.callNotFound()
      return reply
    }
    const { bytes, type, encoding } = found
    reply.header('cache-control', `public, max-age=${A_YEAR_S}, immutable`).header('vary', 'accept-encoding')
    if (encoding !== null) reply.header('content-encoding', encoding)
    return reply.type(type).send(bytes)
  }
}

// The gateway's connection to the runtime, for requests and answers that are passed on byte by byte. (What the gateway itself
// asks goes through @biplane/client.) Nothing is tried again here: the caller has the key, and is told what is known.

import * as http from 'node:http'
import * as https from 'node:https'
import type { Readable } from 'node:stream'
import { urlToHttpOptions } from 'node:url'

import { ProblemError } from '@biplane/protocol'

export interface UpstreamRequest {
  method: string
  /** Below the runtime's base path, with its query: `/session/ses_…/events?offset=-1`. */
  path: string
  headers: http.OutgoingHttpHeaders
  body: Readable | string | null
  /** Aborts when the caller has gone: the runtime then stops what it does for it. */
  signal: AbortSignal
  /** The key of a submission, whose lost answer says nothing about what happened. */
  key?: string | undefined
}

export interface Upstream {
  /** @throws ProblemError runtime_unavailable, or outcome_unknown for a submission that may have arrived */
  send(request: UpstreamRequest): Promise<http.IncomingMessage>
  /** Opens a request by hand, for a protocol other than HTTP's own. */
  open(path: string, headers: http.OutgoingHttpHeaders): http.ClientRequest
  close(): void
}

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']
/** Above the longest wait that can be asked for (60 s). */
const SILENCE_MS = 90_000
const MAX_IDLE_SOCKETS = 64

/** `base`: the runtime's address with its base path, such as `http://127.0.0.1:8000/api`. */
export function createUpstream(base: URL): Upstream {
  const { request, Agent } = base.protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS })
  // The path goes out as it is: a URL object would resolve dots in it.
  const to = (path: string) => ({ ...urlToHttpOptions(base), path: base.pathname.replace(/\/+$/, '') + path })

  function send({ method, path, headers, body, signal, key }: UpstreamRequest): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...to(path), method, headers, agent, signal, timeout: SILENCE_MS })
      outgoing.on('response', resolve)
      outgoing.on('timeout', () => outgoing.destroy(new Error(`nothing was heard for ${SILENCE_MS / 1000} s`)))
      outgoing.on('error', (error) => reject(lost(error, key)))
      if (typeof body === 'string' || body === null) outgoing.end(body ?? undefined)
      else pump(body, outgoing)
    })
  }

  return {
    send,
    open: (path, headers) => request({ ...to(path), headers, agent: false }),
    close: () => agent.destroy(),
  }
}

/** A body that breaks off breaks the request off, so that nothing is kept of it. The body itself is left to its owner. */
function pump(body: Readable, outgoing: http.ClientRequest): void {
  body.on('error', (error) => outgoing.destroy(error))
  outgoing.on('close', () => body.unpipe(outgoing))
  body.pipe(outgoing)
}

function lost(error: NodeJS.ErrnoException, key: string | undefined): ProblemError {
  const detail = `The runtime gave no answer: ${error.message || error.code}.`
  if (key === undefined || NEVER_CONNECTED.includes(error.code ?? '')) {
    return new ProblemError('runtime_unavailable', detail, { cause: error })
  }
  return new ProblemError('outcome_unknown', `${detail} The key to send it again with is ${key}.`, { cause: error })
}

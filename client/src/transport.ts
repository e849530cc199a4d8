// One request and its answer: address, tenant, token, time limit, and another attempt where that is safe. Reading again is
// always safe. What changes something is either idempotent or carries a key, and is tried again with the same key; when the
// attempts are used up and any of them may have arrived, the error is `outcome_unknown`.

import { type Backoff, backoffMs, pause } from './backoff.ts'
import { BiplaneError, answeredError, isProblem, localError, notBiplane } from './error.ts'
import type { Access } from './access.ts'
import type { Surroundings } from './surroundings.ts'
import { lostAnswer, reasonOf, unknownOutcome } from './lost-answer.ts'

export interface ClientOptions {
  /** Where the protocol's paths begin: `http://127.0.0.1:8000/api` of a runtime, `http://127.0.0.1:8100/v1` of a gateway. */
  url: string
  /** Sent with every call. With a token it may be left out: the token says whose it is. */
  tenantId?: string
  /**
   * A bearer token, or what gives one; asked at every attempt, so that a follower outlives a token. What it throws passes, unless
   * it is a ProblemError: that is the error of the call.
   */
  token?: string | (() => Promise<string | undefined>)
  /** Sent with every call, such as `{ 'Biplane-Csrf': '1' }` from a page whose people sign in at the gateway. */
  headers?: Record<string, string>
  fetch?: typeof globalThis.fetch
  /**
   * Who is signed in, such as `acme/ada`: tabs of one browser that say the same share one line to the server, and the events that
   * come on it. Without it each tab has a line of its own.
   */
  share?: string
  /** What says when a page is hidden, and opens sockets. Default: the browser, or the process. */
  surroundings?: Surroundings
  /** Attempts after the first, where another one is safe. Default 5, which takes about 5 seconds. */
  retries?: number
}

/** What every call takes beside its own. Aborting rejects with the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal | undefined
}

export interface WireRequest extends CallOptions {
  method: 'GET' | 'POST'
  /** Below the client's url, such as `/session/create`. */
  path: string
  /** A list is the same parameter several times. */
  query?: Record<string, string | number | readonly string[] | undefined>
  headers?: Record<string, string | undefined>
  /** A JSON body; the tenant is added to it. */
  json?: Record<string, unknown>
  /** A body of bytes, or what opens it at each attempt. A stream can be sent once only, so it is not tried again. */
  bytes?: Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>)
  /** The key by which the runtime knows a second attempt. */
  key?: string | undefined
  /** Bound on one attempt with its answer; null: none. Default 30 s. */
  timeoutMs?: number | null
  /** The caller tries again itself. */
  once?: boolean
}

export interface Transport {
  /** For sockets. */
  access: Access
  /** A token that does not hold may be followed by one that does. */
  renewsToken: boolean
  /** Sends, and answers with what `read` makes of the response. @throws BiplaneError */
  exchange<T>(request: WireRequest, read: (response: Response) => Promise<T>): Promise<T>
  /** The answer's JSON, which has the shape that docs/protocol.md gives it. */
  json<T>(request: WireRequest): Promise<T>
}

const REQUEST_TIMEOUT_MS = 30_000
const DEFAULT_RETRIES = 5
const RETRY: Backoff = { baseMs: 200, maxMs: 5_000 }
/** A server that asks for a longer pause is not waited for: the caller is told. */
const MAX_RETRY_AFTER_MS = 10_000
const RETRIED_CODES = [
  'runtime_unavailable',
  'keys_unavailable',
  'overloaded',
  'rate_limited',
  'shutting_down',
  'outcome_unknown',
]

export function createTransport(options: ClientOptions): Transport {
  const { fetch = globalThis.fetch, retries = DEFAULT_RETRIES } = options
  const base = new URL(options.url).href.replace(/\/+$/, '')

  async function exchange<T>(request: WireRequest, read: (response: Response) => Promise<T>): Promise<T> {
    let mayHaveArrived = false
    for (let failures = 1; ; failures++) {
      const outcome = await attempt(request, read)
      if ('value' in outcome) return outcome.value
      const { error } = outcome
      mayHaveArrived ||= error.code === 'outcome_unknown'
      if (failures > retries || request.once || !isWorthRetrying(request, error)) {
        throw mayHaveArrived && isSilentOnKey(error) ? unknownOutcome(request.key, error) : error
      }
      await pause(error.retryAfterMs ?? backoffMs(failures, RETRY), request.signal)
    }
  }

  async function attempt<T>(
    request: WireRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<{ value: T } | { error: BiplaneError }> {
    try {
      const token = await currentToken(options.token)
      const response = await fetch(addressOf(base, request, options.tenantId), initOf(request, token, options))
      if (response.ok || response.status === 304) return { value: await read(response) }
      return { error: await answeredError(response, request.key) }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { error: error instanceof BiplaneError ? error : lostAnswer(request.path, request.key, error) }
    }
  }

  const access: Access = {
    url: socketAddress(base),
    tenantId: options.tenantId,
    token: () => currentToken(options.token),
  }
  const json = <T>(request: WireRequest) => exchange<T>(request, readJson)
  return { exchange, json, access, renewsToken: typeof options.token === 'function' }
}

/** The gateway's takes a browser's token, the runtime's is its only one; logs are followed on both in the same words. */
const socketAddress = (base: string): string =>
  `${base.replace(/^http/, 'ws')}${base.endsWith('/api') ? '/events' : '/socket'}`

export async function readJson<T>(response: Response): Promise<T> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) throw notBiplane(response)
  return (await response.json()) as T
}

/** Where the token comes from may be out of reach for a moment as the runtime may. */
async function currentToken(token: ClientOptions['token']): Promise<string | undefined> {
  if (typeof token !== 'function') return token
  try {
    return await token()
  } catch (cause) {
    if (isProblem(cause)) throw new BiplaneError(cause.toProblem(), { cause })
    throw localError('runtime_unavailable', `No token could be had: ${reasonOf(cause)}.`, cause)
  }
}

function addressOf(base: string, request: WireRequest, tenantId: string | undefined): string {
  const tenant = request.json === undefined ? { tenant_id: tenantId } : {}
  const asked: NonNullable<WireRequest['query']> = { ...tenant, ...request.query }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) {
    for (const one of [value ?? []].flat()) query.append(name, String(one))
  }
  return `${base}${request.path}${query.size === 0 ? '' : `?${query.toString()}`}`
}

function initOf(request: WireRequest, token: string | undefined, about: ClientOptions): RequestInit {
  const { json, bytes, signal, timeoutMs = REQUEST_TIMEOUT_MS } = request
  const headers = new Headers(about.headers)
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined) headers.set(name, value)
  }
  if (json !== undefined) headers.set('content-type', 'application/json')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const signals = [signal, timeoutMs === null ? undefined : AbortSignal.timeout(timeoutMs)]
  return {
    method: request.method,
    headers,
    redirect: 'error',
    signal: AbortSignal.any(signals.filter((one) => one !== undefined)),
    ...(bytes === undefined ? {} : { body: typeof bytes === 'function' ? bytes() : bytes, duplex: 'half' }),
    ...(json === undefined ? {} : { body: JSON.stringify({ tenant_id: about.tenantId, ...json }) }),
  }
}

const isWorthRetrying = (request: WireRequest, error: BiplaneError): boolean =>
  RETRIED_CODES.includes(error.code) &&
  !(request.bytes instanceof ReadableStream) &&
  (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS

/** Refused before its key was looked at: what became of an attempt before is as unknown as it was. */
const isSilentOnKey = ({ status, code }: BiplaneError): boolean =>
  status >= 500 || ['unauthenticated', 'forbidden', 'rate_limited', 'request_timeout'].includes(code)

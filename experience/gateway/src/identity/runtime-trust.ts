// Whether the runtime asks for tokens. One that is open takes anybody for anybody: what the gateway finds out about its callers, and
// the bounds of what they may do, would be lost on it. Such a runtime is not called in anybody's name.

import { ProblemError } from '@biplane/protocol'

import type { Upstream } from '../kit/upstream.ts'

/** A runtime may be started again without its keys. */
const TRUSTED_FOR_MS = 30_000
const ANSWER_MS_MAX = 5_000
/** Names no tenant: a runtime that asks for tokens misses the token (401), an open one the tenant (400). */
const PROBE = '/session'

/** Resolves if the runtime asks who calls. @throws ProblemError runtime_unavailable if it is away, or open to everybody */
export type TrustRuntime = () => Promise<void>

export function trustInRuntime(runtime: Upstream): TrustRuntime {
  let asking: Promise<void> | null = null
  let askedAtMs = 0

  async function ask(): Promise<void> {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX)
    const answer = await runtime.send({ method: 'GET', path: PROBE, headers: {}, body: null, signal })
    answer.resume()
    if (answer.statusCode === 401) return
    const detail =
      answer.statusCode === 400 ? OPEN : `It cannot be told whom it trusts: it answers ${answer.statusCode}.`
    throw new ProblemError('runtime_unavailable', detail)
  }

  return () => {
    if (asking !== null && Date.now() - askedAtMs < TRUSTED_FOR_MS) return asking
    askedAtMs = Date.now()
    const asked = ask().catch((error: unknown) => {
      if (asking === asked) asking = null
      throw error
    })
    asking = asked
    return asked
  }
}

const OPEN =
  'The runtime asks nobody for a token, so it would not keep to what a caller may do. Start it with BIPLANE_AUTH naming the ' +
  'public half of the key that is in BIPLANE_SERVICE_KEY.'

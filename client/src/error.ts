// What a call throws. An answer that is a problem document keeps its code, whoever gave it: the protocol, a realm or a gateway.

import type { Problem, ProblemError } from '@biplane/protocol'

/** What is thrown when events have a place that does not follow: something in between, or the server, has left some out. */
export const EVENTS_MISSING = 'events_missing'
/** What is thrown when the address answers, and is neither a runtime nor a gateway. */
const NOT_BIPLANE = 'not_biplane'

interface Details {
  cause?: unknown
  retryAfterMs?: number | undefined
  earliestOffset?: string | undefined
}

export class BiplaneError extends Error {
  override readonly name = 'BiplaneError'
  /** Stable; listed in docs/errors.md, or a realm's own if it has a dot. */
  readonly code: string
  /** The HTTP status. Of an answer that never came: the one that its code has. */
  readonly status: number
  /** What to do about it. */
  readonly advice: string
  /** The request, as the server's log names it. */
  readonly instance: string | undefined
  readonly errors: Problem['errors']
  /** When the server asked to be asked again. */
  readonly retryAfterMs: number | undefined
  /** Of a log whose beginning is gone (410): the offset from which it is still there. */
  readonly earliestOffset: string | undefined

  constructor(problem: Omit<Problem, 'type' | 'title'>, details: Details = {}) {
    super(problem.detail, details.cause === undefined ? {} : { cause: details.cause })
    this.code = problem.code
    this.status = problem.status
    this.advice = problem.advice
    this.instance = problem.instance
    this.errors = problem.errors
    this.retryAfterMs = details.retryAfterMs
    this.earliestOffset = details.earliestOffset
  }

  /** What went wrong this time. */
  get detail(): string {
    return this.message
  }
}

/** What the client says itself, as the protocol's table has it. A page need not load all of that for these (a test compares them). */
export const OWN_PROBLEMS = {
  runtime_unavailable: [503, 'Send it again with the same key in a moment.'],
  outcome_unknown: [500, 'Send it again with the same key: it cannot run twice.'],
} as const

/** An error of the protocol that no server told us about. */
export function localError(code: keyof typeof OWN_PROBLEMS, detail: string, cause?: unknown): BiplaneError {
  const [status, advice] = OWN_PROBLEMS[code]
  return new BiplaneError({ code, status, detail, advice }, { cause })
}

/** The error that an answer outside 200–299 stands for. `key`: that of a request which changes something. */
export async function answeredError(response: Response, key: string | undefined): Promise<BiplaneError> {
  const problem = await problemIn(response)
  const retryAfterMs = retryAfter(response.headers.get('retry-after'))
  if (problem !== null) return new BiplaneError(problem, { retryAfterMs, earliestOffset: problem.earliest_offset })
  if (response.status >= 502 && response.status <= 504) {
    const code = key === undefined ? 'runtime_unavailable' : 'outcome_unknown'
    const [, advice] = OWN_PROBLEMS[code]
    const detail = `Something in between answered ${response.status}.`
    return new BiplaneError({ code, status: response.status, detail, advice }, { retryAfterMs })
  }
  return notBiplane(response)
}

export const eventsMissing = (after: number, next: number): BiplaneError =>
  new BiplaneError({
    code: EVENTS_MISSING,
    status: 502,
    detail: `The events ${after + 1} to ${next - 1} of the log were left out.`,
    advice: 'Read the log again from its start. If they are left out again, look at what stands before the server.',
  })

export const notBiplane = (response: Response): BiplaneError =>
  new BiplaneError({
    code: NOT_BIPLANE,
    status: response.status,
    detail: `${response.url} answered ${response.status}, and not as a runtime or a gateway does.`,
    advice: "Check the client's url: a runtime's ends in /api, a gateway's in /v1.",
  })

/** Whoever threw it may have loaded that class from elsewhere. */
export const isProblem = (error: unknown): error is ProblemError =>
  error instanceof Error && error.name === 'ProblemError'

export const tenantRequired = (): BiplaneError =>
  new BiplaneError({
    code: 'tenant_required',
    status: 400,
    detail: 'What is in a tenant is read under its name, and this client has none.',
    advice: 'Create it with the tenantId that its token is of.',
  })

async function problemIn(response: Response): Promise<Problem | null> {
  const text = await response.text()
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return null
  const body: unknown = JSON.parse(text)
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
  return isProblem ? (body as Problem) : null
}

/** Milliseconds. Our servers give seconds; a date is read as nothing. */
const retryAfter = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined

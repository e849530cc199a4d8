// Every error leaves as a problem document (docs/protocol.md §8), whoever threw it: the gateway, the client, or Fastify.

import { STATUS_CODES } from 'node:http'

import { BiplaneError } from '@biplane/client'
import { PROBLEMS, type Problem, type ProblemCode, ProblemError, snapshotLink } from '@biplane/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

import type { Log } from './log.ts'
import { RateLimited } from './rate-limit.ts'

const PROBLEM_TYPE = 'application/problem+json'
/** What a caller is told to wait when the runtime is away: it restarts in about that time. */
const RETRY_AFTER_S = 1

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.id, request.log)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.code === 'offset_gone') reply.header('link', snapshotLink(request.url))
  if (problem.status === 503 || problem.status === 429) reply.header('retry-after', retryAfterSeconds(error))
  reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

export function problemOf(error: unknown, requestId: string, log: Pick<Log, 'error'>): Problem {
  if (error instanceof ProblemError) return error.toProblem(requestId)
  if (error instanceof BiplaneError) return passedOn(error, requestId)
  const known = FASTIFY_CODES[(error as Partial<FastifyError> | null)?.code ?? '']
  if (known !== undefined) return new ProblemError(known).toProblem(requestId)
  log.error({ err: error }, 'a request failed unexpectedly')
  return new ProblemError('internal').toProblem(requestId)
}

const FASTIFY_CODES: Record<string, ProblemCode> = {
  FST_ERR_BAD_URL: 'route_not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'route_not_found',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  /** The caller broke off in the middle of its body. */
  ECONNRESET: 'upload_incomplete',
}

/** What the runtime said to the client stays what it was; only the instance is ours. */
function passedOn(error: BiplaneError, instance: string): Problem {
  const { code, status, detail, advice, errors, earliestOffset } = error
  const title = code in PROBLEMS ? PROBLEMS[code as ProblemCode][1] : detail
  const type = `urn:biplane:problem:${code}`
  return {
    type,
    title,
    status,
    code,
    detail,
    advice,
    instance,
    ...(errors === undefined ? {} : { errors }),
    ...(earliestOffset === undefined ? {} : { earliest_offset: earliestOffset }),
  }
}

export function retryAfterSeconds(error: unknown): number {
  if (error instanceof RateLimited) return error.retryAfterS
  return error instanceof BiplaneError && error.retryAfterMs !== undefined
    ? Math.ceil(error.retryAfterMs / 1000)
    : RETRY_AFTER_S
}

/** A problem document as a whole HTTP answer, for a socket that no reply stands for. */
export function rawProblem(problem: ProblemError, requestId?: string): string {
  const body = JSON.stringify(problem.toProblem(requestId))
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

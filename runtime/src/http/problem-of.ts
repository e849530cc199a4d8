// Any error as a problem document. What is not known by name is our own fault, and says nothing of its inside.

import { type Problem, type ProblemCode, ProblemError } from '@biplane/protocol'
import { TerminalError } from '@biplane/realm'

import { StoreBusy, StoreClosed } from '../store/error.ts'

/** Fastify's own codes for what is wrong with a request. */
const KNOWN: { [code: string]: ProblemCode } = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'route_not_found',
  ECONNRESET: 'upload_incomplete',
}

export function asProblemDocument(error: unknown, instance: string): Problem {
  if (error instanceof ProblemError) return error.toProblem(instance)
  // Of a read, which changes nothing; commands say more exactly what became of them.
  if (error instanceof StoreBusy) return new ProblemError('overloaded').toProblem(instance)
  if (error instanceof StoreClosed) return new ProblemError('shutting_down').toProblem(instance)
  if (error instanceof TerminalError) return refusedByRealm(error, instance)
  const known = KNOWN[(error as { code?: string }).code ?? '']
  if (known) return new ProblemError(known, (error as Error).message).toProblem(instance)
  return new ProblemError('internal').toProblem(instance)
}

/** A realm's own code, which has a dot. */
const refusedByRealm = ({ code, message, advice }: TerminalError, instance: string): Problem => ({
  type: `urn:biplane:problem:${code}`,
  title: 'The realm refuses this',
  status: code.endsWith('.not_found') ? 404 : 422,
  code,
  detail: message,
  advice: advice ?? 'See detail.',
  instance,
})

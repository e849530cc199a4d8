// What a schema found wrong, as a problem.

import type * as z from 'zod'

import type { Problem } from './problem-document.ts'
import { type ProblemCode, ProblemError } from './problem.ts'

/** Each issue of a schema as a path and a message, at most `limit` of them. */
export function fieldErrors(error: z.core.$ZodError, limit = 20): NonNullable<Problem['errors']> {
  return error.issues.slice(0, limit).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }))
}

/**
 * The value as its schema gives it. `whole` is what the value is called where an issue has no path.
 * @throws ProblemError with `code`, and each issue as an error
 */
export function parsedOr<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: ProblemCode,
  whole: string,
): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = fieldErrors(parsed.error)
  const [first] = errors
  throw new ProblemError(code, first && `${first.path || whole}: ${first.message}`, { errors })
}

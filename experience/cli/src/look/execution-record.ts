import type { Execution } from '@biplane/protocol'

/** An execution for programs: of its payload the names of the fields alone, since the values may be nobody's business. */
export function executionRecord({ payload, ...others }: Execution): object {
  return { ...others, payload_fields: fieldsOf(payload) }
}

/** The names of the fields of a payload. */
export const fieldsOf = (payload: unknown): string[] =>
  typeof payload === 'object' && payload !== null ? Object.keys(payload) : []

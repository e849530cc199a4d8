// Problem documents (docs/protocol.md §8, RFC 9457). Every code is here once, with its status, its title and what the
// caller can do; docs/errors.md lists them, and a test holds the two together.

import type { Problem } from './problem-document.ts'

export const PROBLEMS = {
  // The request itself
  malformed_json: [400, 'The body is not JSON', 'Send one JSON document, encoded as UTF-8.'],
  body_invalid: [
    400,
    'The request does not fit its schema',
    'See errors for each field, and the API document for the shape.',
  ],
  query_invalid: [400, 'A query parameter does not fit', 'See errors for each parameter.'],
  text_invalid: [
    400,
    'The body holds text that cannot be stored',
    'Remove \\u0000 and unpaired surrogates: no store keeps them unchanged.',
  ],
  body_too_deep: [400, 'The body is nested too deeply', 'Flatten the payload, or put it into an artifact.'],
  body_too_large: [413, 'The body is too large', 'Put large content into an artifact and send its reference.'],
  request_malformed: [
    400,
    'The request is not HTTP that can be read',
    'See detail; a proxy in between may have changed it.',
  ],
  request_timeout: [408, 'The request did not arrive in time', 'Send it again; large content goes as an artifact.'],
  url_too_long: [414, 'The address is too long', 'Put what makes it long into the body.'],
  headers_too_large: [
    431,
    'The headers are too large',
    'Send fewer or shorter headers; a token has at most 4,096 characters.',
  ],
  media_type_unsupported: [415, 'The body has a media type that is not taken here', 'Send application/json.'],
  duplicate_fields_differ: [
    400,
    'A field is given twice with different values',
    'Give tenant_id, session_id and intent_id once, or the same value everywhere.',
  ],
  idempotency_keys_differ: [
    400,
    'Idempotency-Key and intent_id are both given and differ',
    'Send one of them: they share one namespace.',
  ],
  idempotency_key_invalid: [400, 'The idempotency key cannot be used', 'Use 1 to 200 printable ASCII characters.'],
  upload_invalid: [
    400,
    'The upload cannot be read',
    'See detail. Over HTTP, send multipart/form-data with the fields before the file, or the raw bytes.',
  ],
  upload_incomplete: [400, 'The upload ended before its last byte', 'Send it again; nothing was kept of it.'],
  tus_request_invalid: [
    400,
    'The request is not as tus 1.0 has it',
    'See detail, and tus.io/protocols/resumable-upload for the headers.',
  ],
  tus_version_unsupported: [412, 'The request does not speak tus 1.0', 'Send the header Tus-Resumable: 1.0.0.'],
  upload_not_found: [
    404,
    'No such upload',
    'Begin it anew with POST /v1/uploads; check the tenant. An upload is kept for 24 hours.',
  ],
  upload_offset_differs: [
    409,
    'The upload does not go on at this offset',
    'Ask for its offset with HEAD and send what comes from there on.',
  ],
  file_data_too_large: [
    413,
    'file_data is too large',
    'Send more than 256 KiB as multipart/form-data or as the raw body.',
  ],
  offset_invalid: [400, 'The offset is not one that a stream gave', 'Use -1, now, or the last Stream-Next-Offset.'],
  offset_gone: [
    410,
    'The log behind this offset is not kept any more',
    'Read the snapshot that Link names and go on behind its offset; what is still there begins behind earliest_offset.',
  ],
  range_invalid: [416, 'The range lies outside the artifact', 'Ask for a range within its size.'],

  // Who asks
  tenant_required: [400, 'No tenant is named', 'Give tenant_id in the body, the form or the query, or send a token.'],
  unauthenticated: [401, 'The request carries no valid token', 'Send Authorization: Bearer <token>.'],
  forbidden: [
    403,
    'The token does not allow this',
    'Ask for a token with what detail names, or let somebody else do it.',
  ],
  keys_unavailable: [
    503,
    'The keys that tokens are checked with cannot be read; nothing was recorded',
    'Send it again with the same key in a moment. If it lasts, see BIPLANE_AUTH and the log of the server.',
  ],
  token_not_needed: [409, 'Nothing needs a token here', 'Call without one: this gateway asks nobody who they are.'],
  sign_in_unavailable: [
    503,
    'Signing in does not work at the moment',
    'Try again in a moment. If it lasts, see the log of the gateway for what the OpenID provider says.',
  ],
  forgery_suspected: [
    403,
    'Nothing proves that a page of ours sent this',
    'With a cookie, call from the same origin and send the header Biplane-Csrf: 1; a program sends a token instead.',
  ],
  origin_refused: [403, 'The request comes from another site', 'Call from the same origin, or configure the origin.'],
  host_refused: [
    421,
    'The Host is not one that is served here',
    'Add the name to BIPLANE_HOSTS, comma-separated, and restart.',
  ],

  // What is asked for
  route_not_found: [404, 'There is nothing at this address', 'See /openapi.json for the addresses.'],
  method_not_allowed: [405, 'The method is not allowed here', 'See the Allow header.'],
  upgrade_required: [
    426,
    'This address is a WebSocket',
    'Open it as one, with the subprotocol that its document names.',
  ],
  session_not_found: [404, 'No such session', 'Create one with POST /session/create; check the tenant.'],
  execution_not_found: [404, 'No such execution', 'Check the id and the tenant.'],
  artifact_not_found: [404, 'No such artifact', 'Upload it first; artifacts belong to one tenant.'],
  state_not_found: [404, 'No such key', 'List the keys at the address above this one.'],
  intent_type_unknown: [404, 'No realm has this intent type', 'See GET /capabilities for the types there are.'],
  query_type_unknown: [404, 'No realm has this query type', 'See GET /capabilities for the types there are.'],
  realm_mismatch: [400, 'The realm is not the one that owns the type', 'The realm is the first part of the type.'],
  payload_invalid: [
    422,
    'The payload does not fit the schema of its type',
    'See errors for each field, and GET /capabilities.',
  ],

  // The moment
  session_closed: [409, 'The session is closed', 'Create a new session.'],
  idempotency_conflict: [409, 'The key was used before with another body', 'Use a new key for a new intent.'],
  execution_final: [409, 'The execution has ended already', 'See its status.'],
  execution_not_final: [
    409,
    'The execution has not ended',
    'Wait for its end or cancel it; what has ended can be retried or forked.',
  ],
  execution_compensating: [409, 'The execution is being undone', 'Wait until that has ended; see its saga.'],
  execution_not_parked: [409, 'The execution is not parked', 'Only what is parked can be settled.'],
  undo_unknown: [422, 'No such step has something left to undo', 'Look at steps of the execution for the ordinals.'],
  history_gone: [410, 'The log of the execution is not kept any more', 'Submit its intent anew, under a new key.'],
  fork_point_unknown: [
    422,
    'The execution has no such answer to fork after',
    'Give the ordinal of a call that was answered; see its steps.',
  ],
  approval_decided: [409, 'The approval was decided already, or its time is over', 'See detail for who decided what.'],
  signals_too_many: [429, 'The execution holds too many signals that nobody took', 'See what it waits for.'],
  quota_exceeded: [
    429,
    'The tenant has as much as it may have',
    'Let some of it end, close or remove some, or ask the operator for more.',
  ],
  rate_limited: [429, 'Too many requests', 'Wait for Retry-After seconds.'],
  overloaded: [
    503,
    'The runtime is busy; nothing was recorded',
    'Wait for Retry-After seconds and send it again with the same key.',
  ],
  shutting_down: [503, 'The runtime is stopping; nothing was recorded', 'Send it again with the same key in a moment.'],
  storage_full: [507, 'The disk is full; nothing was recorded', 'Free space; reading goes on meanwhile.'],
  query_timeout: [504, 'The query took too long', 'Ask for less: a filter, fewer columns, a smaller limit.'],
  answer_too_large: [422, 'The answer is too large', 'Ask for fewer rows or columns.'],
  internal: [500, 'Something went wrong here', 'See the log of the server under the instance given; try again.'],
  runtime_unavailable: [503, 'The runtime cannot be reached', 'Send it again with the same key in a moment.'],
  outcome_unknown: [
    500,
    'It is not known whether this was recorded',
    'Send it again with the same key: it cannot run twice.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>

export type ProblemCode = keyof typeof PROBLEMS

/** What some problems say beside their detail. */
type ProblemMembers = Pick<Problem, 'errors' | 'earliest_offset'>

/** Thrown anywhere in a plane, answered as a problem document. `detail` says what is wrong this time. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly #members: ProblemMembers

  constructor(code: ProblemCode, detail?: string, options: ProblemMembers & { cause?: unknown } = {}) {
    const { cause, ...members } = options
    super(detail ?? PROBLEMS[code][1], cause === undefined ? {} : { cause })
    this.code = code
    this.#members = members
  }

  get status(): number {
    return PROBLEMS[this.code][0]
  }

  toProblem(instance?: string): Problem {
    const [status, title, advice] = PROBLEMS[this.code]
    return {
      type: `urn:biplane:problem:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      advice,
      ...(instance === undefined ? {} : { instance }),
      ...this.#members,
    }
  }
}

// What went wrong, as an API document tells it: for each operation, each status with the codes that it may come with.

import { PROBLEMS, Problem, type ProblemCode, ProblemError } from '@biplane/protocol'

import type { Components, Json } from './components.ts'
import { headersOf } from './headers.ts'

/** Of every address: what is refused before anybody looks what is asked for. */
const ANY: ProblemCode[] = [
  'request_malformed',
  'request_timeout',
  'url_too_long',
  'headers_too_large',
  'origin_refused',
  'host_refused',
  'rate_limited',
  'internal',
]

/** Of what is asked in somebody's name, and answered by the runtime. */
const ASKED: ProblemCode[] = [
  'tenant_required',
  'body_invalid',
  'query_invalid',
  'duplicate_fields_differ',
  'unauthenticated',
  'forbidden',
  'keys_unavailable',
  'session_not_found',
  'overloaded',
  'shutting_down',
  'runtime_unavailable',
]

/** Of what may be done on the strength of a cookie. */
const CHANGING: ProblemCode[] = ['forgery_suspected', 'storage_full', 'outcome_unknown']

const JSON_BODY: ProblemCode[] = [
  'malformed_json',
  'body_invalid',
  'text_invalid',
  'body_too_deep',
  'body_too_large',
  'upload_incomplete',
]

const KEYED: ProblemCode[] = ['idempotency_keys_differ', 'idempotency_key_invalid', 'idempotency_conflict']

const SUBMITTED: ProblemCode[] = [
  ...KEYED,
  'session_closed',
  'intent_type_unknown',
  'realm_mismatch',
  'payload_invalid',
  'artifact_not_found',
  'quota_exceeded',
]

const QUERIED: ProblemCode[] = [
  'query_type_unknown',
  'realm_mismatch',
  'payload_invalid',
  'query_timeout',
  'answer_too_large',
]

const FORM: ProblemCode[] = ['media_type_unsupported', 'text_invalid']
const FILE: ProblemCode[] = ['upload_invalid', 'file_data_too_large', 'quota_exceeded']

export const REFUSALS = { ANY, ASKED, CHANGING, JSON_BODY, KEYED, SUBMITTED, QUERIED, FORM, FILE }

const PROBLEM_TYPE = 'application/problem+json'
/** Statuses with which a realm answers in a code of its own, which has a dot. */
const REALM_STATUSES = [404, 422]
const REQUEST = 'req_0f5c8a52-3c0e-4f0e-9d4e-2f4c7a3a1b6d'
/** Said with a status, so that a program knows when to come again. */
const WITH_RETRY_AFTER = [429, 503]

/** Responses by status. `mayRefuse`: whether a realm may also answer with codes of its own. */
export function refusals(components: Components, codes: readonly ProblemCode[], mayRefuse = false): Json {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of new Set(codes)) {
    const [status] = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const statuses = [...byStatus].toSorted(([one], [other]) => one - other)
  return Object.fromEntries(
    statuses.map(([status, ofStatus]) => {
      const answer = refusal(components, status, ofStatus, mayRefuse && REALM_STATUSES.includes(status))
      return [status, { $ref: `#/components/responses/${shared(components, status, answer)}` }]
    }),
  )
}

function refusal(components: Components, status: number, codes: readonly ProblemCode[], realmToo: boolean): Json {
  const [first] = codes
  const code = { type: 'string', enum: codes }
  const said = codes.map((one) => `\`${one}\`: ${PROBLEMS[one][1]}.`)
  const own = { status: { const: status }, code: realmToo ? { anyOf: [code, OF_REALM] } : code }
  return {
    description: [...said, ...(realmToo ? ['Or a code of the realm, which has a dot.'] : [])].join('\n\n'),
    headers: WITH_RETRY_AFTER.includes(status)
      ? headersOf(components, 'Retry-After', 'X-Request-Id')
      : headersOf(components, 'X-Request-Id'),
    content: {
      [PROBLEM_TYPE]: {
        schema: { allOf: [components.of('Problem', Problem, 'output'), { type: 'object', properties: own }] },
        ...(first === undefined ? {} : { example: new ProblemError(first).toProblem(REQUEST) }),
      },
    },
  }
}

const OF_REALM = { type: 'string', pattern: '^[a-z][a-z0-9_]*\\.' }

/** The name of an answer among those that are told once. Alike ones are one. */
function shared({ responses }: Components, status: number, answer: Json): string {
  const text = JSON.stringify(answer)
  const alike = Object.entries(responses).filter(([name]) => name.startsWith(`Problem${status}`))
  const known = alike.find(([, one]) => JSON.stringify(one) === text)
  if (known !== undefined) return known[0]
  const name = `Problem${status}${alike.length === 0 ? '' : `-${alike.length + 1}`}`
  responses[name] = answer
  return name
}

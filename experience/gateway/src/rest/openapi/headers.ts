// The headers that requests and answers may have, as an API document tells them once.

import type { Components, Json } from './components.ts'

const header = (description: string, schema: Json, example?: unknown): Json => ({
  description,
  schema,
  ...(example === undefined ? {} : { example }),
})

const HEADERS: Record<string, Json> = {
  Location: header('Where to look further.', { type: 'string' }),
  Link: header(
    'Addresses that belong to this one (RFC 8288): of an execution its `status`, `events` and `cancel`; of a page the `first` and the `next`.',
    { type: 'string' },
  ),
  'Preference-Applied': header('The wait that was granted.', { type: 'string' }, 'wait=5'),
  RateLimit: header(
    'What is left of each limit that applies (`r`), and in how many seconds there is more (`t`).',
    { type: 'string' },
    '"subject";r=998;t=1',
  ),
  'RateLimit-Policy': header(
    'The limits that apply: so many calls (`q`) in so many seconds (`w`).',
    { type: 'string' },
    '"subject";q=1000;w=4',
  ),
  'X-Request-Id': header('What the log of the server calls this request.', { type: 'string' }),
  ETag: header('Changes when what is there does.', { type: 'string' }),
  'Retry-After': header('Seconds to wait.', { type: 'integer', minimum: 1 }, 1),
  'Stream-Next-Offset': header('Pass it as `offset` to go on.', { type: 'string' }),
  'Stream-Up-To-Date': header('Nothing more was in the log.', { const: 'true' }),
  'Stream-Cursor': header('With `live`: pass it as `cursor` the next time.', { type: 'string' }),
  'Stream-Closed': header('The session is closed, and this was the last of it.', { const: 'true' }),
  'Tus-Resumable': header('The version of tus.', { const: '1.0.0' }),
  'Upload-Offset': header('How many bytes came.', { type: 'integer', minimum: 0 }),
  'Upload-Length': header('How many bytes are to come in all.', { type: 'integer', minimum: 0 }),
  'Upload-Expires': header('When the upload is gone.', { type: 'string' }),
  'Artifact-Id': header('What the upload has become, once all of it is there.', { type: 'string' }),
}

/** By reference. */
export const headersOf = (components: Components, ...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, referred(components.headers, 'headers', HEADERS, name)]))

/** Of an answer: these, and what every answer has. */
export const answerHeaders = (components: Components, ...names: string[]): Json =>
  headersOf(components, 'RateLimit', 'RateLimit-Policy', 'X-Request-Id', ...names)

const PARAMETERS: Record<string, Json> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The same key with the same body gives the same answer and runs nothing again. 1 to 200 printable ASCII characters.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description: '`wait=N`: answer with the outcome if there is one within N seconds, at most 60.',
    schema: { type: 'string', pattern: '^wait=[0-9]+$' },
    example: 'wait=5',
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    description: 'The trace that this belongs to (W3C Trace Context). It is recorded with the intent.',
    schema: { type: 'string' },
  },
  TusResumable: {
    name: 'Tus-Resumable',
    in: 'header',
    required: true,
    description: 'The version of tus that is spoken.',
    schema: { const: '1.0.0' },
    example: '1.0.0',
  },
}

/** By reference. */
export const parametersOf = (components: Components, ...names: string[]): Json[] =>
  names.map((name) => referred(components.parameters, 'parameters', PARAMETERS, name))

/** Only what is referred to is in a document. */
function referred(into: Record<string, Json>, kind: string, all: Record<string, Json>, name: string): Json {
  const one = all[name]
  if (one === undefined) throw new Error(`No document knows ${name}.`)
  into[name] = one
  return { $ref: `#/components/${kind}/${name}` }
}

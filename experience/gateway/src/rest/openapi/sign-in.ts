// How people come and go, in the API document of a gateway where they do.

import * as z from 'zod'

import type { Components, Json } from './components.ts'
import { answerHeaders } from './headers.ts'
import { REFUSALS, refusals } from './refusals.ts'

const { ANY } = REFUSALS
/** Whoever they are: that is what comes of it. */
const OPEN = { security: [{}] }

const SignedOut = z.object({ sign_out_url: z.string().nullable() })

export const signInPaths = (components: Components): [path: string, item: Json][] => [
  ['/auth/sign-in', { get: begin(components) }],
  ['/auth/callback', { get: finish(components) }],
  ['/auth/sign-out', { post: end(components) }],
]

const begin = (components: Components): Json => ({
  ...about('identity.sign-in', 'Sends a browser to the OpenID provider'),
  parameters: [inQuery('return_to', 'Where it goes in the end: a path of this gateway. By default `/`.', '/docs')],
  responses: {
    302: redirect(components, 'To the provider, with a cookie that must come back with its answer.'),
    ...refusals(components, [...ANY, 'query_invalid', 'sign_in_unavailable']),
  },
})

const finish = (components: Components): Json => ({
  ...about('identity.callback', 'Takes a browser back from the OpenID provider'),
  description: 'The provider writes the query. It counts once, for the browser that began.',
  parameters: ['code', 'state', 'iss', 'error'].map((name) => inQuery(name, 'Of the provider.')),
  responses: {
    303: redirect(components, 'To `return_to`, with the cookie of a session.'),
    ...refusals(components, [...ANY, 'unauthenticated', 'forbidden', 'sign_in_unavailable']),
  },
})

const end = (components: Components): Json => ({
  ...about('identity.sign-out', 'Ends the session of a browser'),
  responses: {
    200: {
      description:
        'The browser has forgotten. Send it on to `sign_out_url`, if there is one, to end it at the provider too.',
      headers: { ...answerHeaders(components), ...SET_COOKIE },
      content: { 'application/json': { schema: components.of('identity.sign-out', SignedOut, 'output') } },
    },
    ...refusals(components, [...ANY, 'forgery_suspected']),
  },
})

const about = (operationId: string, summary: string) => ({ operationId, summary, tags: ['identity'], ...OPEN })

const inQuery = (name: string, description: string, example?: string): Json => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
  ...(example === undefined ? {} : { example }),
})

const SET_COOKIE = { 'Set-Cookie': { description: 'A cookie that no script can read.', schema: { type: 'string' } } }

const redirect = (components: Components, description: string): Json => ({
  description,
  headers: { ...answerHeaders(components, 'Location'), ...SET_COOKIE },
})

// Who somebody is at the gateway, and the tokens that it gives out, in the API document.

import * as z from 'zod'

import { Role, Scope } from '../../identity/role.ts'
import { TokenWish } from '../../identity/token-route.ts'
import type { Components, Json } from './components.ts'
import { answerHeaders } from './headers.ts'
import { REFUSALS, refusals } from './refusals.ts'

const { ANY, ASKED, JSON_BODY } = REFUSALS

const Me = z.object({
  tenant_id: z.string().nullable(),
  subject: z.string().nullable(),
  role: Role.optional(),
  scopes: z.array(Scope),
  session_id: z.string().optional(),
  intents: z.array(z.string()).optional(),
  queries: z.array(z.string()).optional(),
  expires_at: z.iso.datetime().optional(),
  name: z.string().optional(),
})
const Token = z.object({ token: z.string(), expires_at: z.iso.datetime() })

export const identityPaths = (components: Components): [path: string, item: Json][] => [
  [
    '/v1/token',
    {
      post: {
        ...about('identity.token', 'A token for a page or a follower'),
        description: 'Out of what the caller has shown, and for no more than that. On open loopback nobody needs one.',
        requestBody: {
          content: {
            'application/json': { schema: components.of('identity.token.body', TokenWish, 'input'), example: {} },
          },
        },
        responses: {
          200: answer(
            components,
            'The token. It is shown to this gateway, never to a runtime.',
            'identity.token',
            Token,
          ),
          ...refusals(components, [...ANY, ...ASKED, ...JSON_BODY, 'forgery_suspected', 'token_not_needed']),
        },
      },
    },
  ],
  [
    '/auth/me',
    {
      get: {
        ...about('identity.me', 'Who the caller is here'),
        responses: {
          200: answer(components, 'As it is shown; nulls on open loopback, where nobody is asked.', 'identity.me', Me),
          ...refusals(components, [...ANY, 'unauthenticated', 'keys_unavailable', 'sign_in_unavailable']),
        },
      },
    },
  ],
]

const about = (operationId: string, summary: string) => ({ operationId, summary, tags: ['identity'] })

const answer = (components: Components, description: string, owner: string, schema: z.ZodType): Json => ({
  description,
  headers: answerHeaders(components),
  content: { 'application/json': { schema: components.of(owner, schema, 'output') } },
})

// The matrix of HTTP: every route there is, whom it answers, and how it is asked for something. The two planes serve the calls of
// the wire at the same paths, so these are here once. Whoever adds a route says here who may use it.

import type { Ask } from './ask.ts'
import type { Things } from './things.ts'
import type { Scope } from './token.ts'

export interface Row {
  /**
   * What it needs; `anyone`: nothing, not even a credential; `known`: one that holds, whatever it allows; `begun`: a sign-in that
   * the same browser has begun, which no credential stands for.
   */
  needs: Scope | 'anyone' | 'known' | 'begun'
  /** How anyone is answered, if not with what was asked for. */
  answers?: string
  /** What is told of what does not exist, or is another tenant's; absent if it names nothing of anybody's. */
  hides?: string
  ask(of: Things): Omit<Ask, 'method'>
}

/** By `METHOD path`, with `:name` for what is filled in. */
export type Matrix = Record<string, Row>

const JSON_BODY = {}
const reading = (hides: string, path: (of: Things) => string): Row => ({
  needs: 'event:read',
  hides,
  ask: (of) => ({ path: path(of) }),
})
const operating = (verb: string, id: (of: Things) => string, body: object = JSON_BODY): Row => ({
  needs: 'execution:operate',
  hides: 'execution_not_found',
  ask: (of) => ({ path: `/execution/${id(of)}/${verb}`, body }),
})
const listing = (path: string): Row => ({ needs: 'event:read', ask: () => ({ path }) })
const open = (path: string): Row => ({ needs: 'anyone', ask: () => ({ path }) })
const waiting = ({ waiting_id }: Things): string => waiting_id
const ended = ({ execution_id }: Things): string => execution_id

/** Under `/api` at the runtime and `/v1` at the gateway. */
export const WIRE: Matrix = {
  'GET /capabilities': open('/capabilities'),
  'POST /session/create': { needs: 'intent:submit', ask: () => ({ path: '/session/create', body: {} }) },
  'GET /session': listing('/session'),
  'GET /session/:session_id': reading('session_not_found', (of) => `/session/${of.session_id}`),
  'POST /session/:session_id/close': {
    needs: 'intent:submit',
    hides: 'session_not_found',
    ask: (of) => ({ path: `/session/${of.session_id}/close`, body: {} }),
  },
  'GET /session/:session_id/events': reading(
    'session_not_found',
    (of) => `/session/${of.session_id}/events?offset=${of.offset}`,
  ),
  'GET /session/:session_id/snapshot': reading('session_not_found', (of) => `/session/${of.session_id}/snapshot`),
  'GET /session/:session_id/state': reading('session_not_found', (of) => `/session/${of.session_id}/state`),
  'GET /session/:session_id/state/*': reading('session_not_found', (of) => `/session/${of.session_id}/state/kept`),
  'GET /tenant/:tenant_id/events': reading('session_not_found', (of) => `/tenant/${of.tenant}/events?offset=-1`),
  'GET /tenant/:tenant_id/snapshot': reading('session_not_found', (of) => `/tenant/${of.tenant}/snapshot`),
  'GET /tenant/:tenant_id/state': reading('session_not_found', (of) => `/tenant/${of.tenant}/state`),
  'GET /tenant/:tenant_id/state/*': reading('session_not_found', (of) => `/tenant/${of.tenant}/state/kept`),
  'POST /intent/submit': {
    needs: 'intent:submit',
    hides: 'session_not_found',
    ask: ({ session_id, key }) => ({
      path: '/intent/submit',
      headers: { 'idempotency-key': key },
      body: { intent_type: 'vault.keep', realm: 'vault', session_id, payload: { secret: 'mine' } },
    }),
  },
  'POST /query': {
    needs: 'event:read',
    hides: 'session_not_found',
    ask: ({ session_id }) => ({
      path: '/query',
      body: { query_type: 'vault.look', realm: 'vault', session_id, payload: {} },
    }),
  },
  'GET /execution': listing('/execution'),
  'GET /execution/:execution_id': reading('execution_not_found', (of) => `/execution/${of.execution_id}`),
  'GET /execution/:execution_id/status': reading('execution_not_found', (of) => `/execution/${of.execution_id}/status`),
  'POST /execution/:execution_id/cancel': operating('cancel', waiting),
  'POST /execution/:execution_id/pause': operating('pause', waiting),
  'POST /execution/:execution_id/resume': operating('resume', waiting),
  'POST /execution/:execution_id/settle': operating('settle', waiting),
  'POST /execution/:execution_id/retry': operating('retry', ended),
  'POST /execution/:execution_id/fork': operating('fork', ended),
  'POST /execution/:execution_id/signal': {
    ...operating('signal', waiting, { name: 'open', approved: true }),
    needs: 'intent:submit',
  },
  'POST /artifact': { needs: 'intent:submit', ask: () => ({ path: '/artifact', body: 'bytes' }) },
  'GET /artifact/:artifact_id': reading('artifact_not_found', (of) => `/artifact/${of.artifact_id}`),
}

/** Of the runtime alone. */
export const RUNTIME: Matrix = {
  'GET /health': open('/health'),
  'GET /ready': open('/ready'),
  'GET /metrics': { needs: 'admin', ask: () => ({ path: '/metrics' }) },
}

const TUS = { 'tus-resumable': '1.0.0' }
const upload = (headers: Record<string, string>, body?: string): Row => ({
  needs: 'intent:submit',
  hides: 'upload_not_found',
  ask: ({ upload_id }) => ({ path: `/v1/uploads/${upload_id}`, headers, body }),
})
const bytes = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
const submitting = (path: string): Row => ({
  needs: 'intent:submit',
  hides: 'session_not_found',
  ask: ({ session_id }) => ({ path, body: { session_id, secret: 'mine' } }),
})

/** Of the gateway alone. */
export const GATEWAY: Matrix = {
  'POST /v1/vault/keep': submitting('/v1/vault/keep'),
  'POST /v1/vault/hold': submitting('/v1/vault/hold'),
  'POST /v1/vault/break': submitting('/v1/vault/break'),
  'POST /v1/vault/look': {
    needs: 'event:read',
    hides: 'session_not_found',
    ask: ({ session_id }) => ({ path: '/v1/vault/look', body: { session_id } }),
  },
  'GET /v1/vault/look': reading('session_not_found', ({ session_id }) => `/v1/vault/look?session_id=${session_id}`),
  'POST /v1/uploads': {
    needs: 'intent:submit',
    ask: () => ({ path: '/v1/uploads', headers: { ...TUS, 'upload-length': '3' } }),
  },
  // What is offered of tus, whoever asks and of whatever upload.
  'OPTIONS /v1/uploads': open('/v1/uploads'),
  'OPTIONS /v1/uploads/:upload_id': { needs: 'anyone', ask: ({ upload_id }) => ({ path: `/v1/uploads/${upload_id}` }) },
  'GET /v1/uploads/:upload_id': upload({}),
  'HEAD /v1/uploads/:upload_id': upload(TUS),
  'PATCH /v1/uploads/:upload_id': upload(bytes, 'bytes'),
  'DELETE /v1/uploads/:upload_id': upload(TUS),
  'POST /v1/token': { needs: 'known', ask: () => ({ path: '/v1/token', body: { scopes: [] } }) },
  // Message by message, and tool by tool: messages.ts.
  'GET /v1/socket': { ...open('/v1/socket'), answers: 'upgrade_required' },
  'POST /mcp': {
    needs: 'known',
    ask: () => ({
      path: '/mcp',
      headers: { accept: 'application/json, text/event-stream' },
      body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
    }),
  },
  'GET /auth/me': { needs: 'known', ask: () => ({ path: '/auth/me' }) },
  // There is no provider where the matrix is tried; sign-in.e2e.test.ts has one.
  'GET /auth/sign-in': { ...open('/auth/sign-in'), answers: 'sign_in_unavailable' },
  'GET /auth/callback': { needs: 'begun', ask: () => ({ path: '/auth/callback?code=one&state=another' }) },
  'POST /auth/sign-out': open('/auth/sign-out'),
  'GET /': open('/'),
  'GET /health': open('/health'),
  'GET /ready': open('/ready'),
  'GET /metrics': { needs: 'admin', ask: () => ({ path: '/metrics' }) },
  'GET /docs': open('/docs'),
  'GET /docs/start.js': open('/docs/start.js'),
  'GET /docs/reference.js': open('/docs/reference.js'),
  'GET /openapi.json': open('/openapi.json'),
  'GET /openapi/:file': open('/openapi/vault.json'),
  'GET /asyncapi.json': open('/asyncapi.json'),
}

// The addresses at which people come and go. `/auth/me` is there for every caller, however they show who they are.

import { ProblemError } from '@biplane/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Credential } from '../identity/credential.ts'
import type { Identity } from '../identity/identity.ts'
import { presentedIn } from '../identity/presented.ts'
import { scopesOf } from '../identity/role.ts'
import { allow } from '../kit/server.ts'
import { BEGUN_LIFE_S, returnTo } from './begun.ts'
import { credentialOfSession } from './session.ts'
import type { SignIn } from './sign-in.ts'

const CALLBACK = '/auth/callback'
const NOT_BEGUN = 'This browser did not begin to sign in, or took more than ten minutes. Begin again at /auth/sign-in.'
/** On open loopback, where nobody is asked who they are. */
const ANYBODY = { tenant_id: null, subject: null, role: 'admin', scopes: scopesOf('admin') }

export function serveSignIn(app: FastifyInstance, identity: Identity, signIn: SignIn | null): void {
  app.all('/auth/me', async (request, reply) => {
    allow(['GET'], request, reply)
    return me(identity, signIn, request, reply)
  })
  if (signIn === null) return
  app.all('/auth/sign-in', async (request, reply) => {
    allow(['GET'], request, reply)
    return begin(signIn, request, reply)
  })
  app.all(CALLBACK, async (request, reply) => {
    allow(['GET'], request, reply)
    return finish(signIn, request, reply)
  })
  app.all('/auth/sign-out', async (request, reply) => {
    allow(['POST'], request, reply)
    return signOut(signIn, request, reply)
  })
}

async function begin({ provider, begun, originOf }: SignIn, request: FastifyRequest, reply: FastifyReply) {
  const origin = originOf(request.headers)
  const { return_to } = request.query as { return_to?: string | string[] }
  const local = returnTo(Array.isArray(return_to) ? return_to.join() : return_to)
  const { question, url } = await provider.ask(new URL(CALLBACK, origin).href)
  const endsAtS = Math.floor(Date.now() / 1000) + BEGUN_LIFE_S
  reply.header('set-cookie', await begun.write({ ...question, return_to: local }, endsAtS, origin))
  return reply.redirect(url.href, 302)
}

async function finish({ provider, begun, sessions, originOf }: SignIn, request: FastifyRequest, reply: FastifyReply) {
  const origin = originOf(request.headers)
  const question = await begun.read(request.headers, origin)
  if (question === null) throw new ProblemError('unauthenticated', NOT_BEGUN)
  const signedIn = await provider.takeAnswer(new URL(request.url, origin), question)
  reply.header('set-cookie', [await sessions.begin(signedIn, origin), begun.clear(origin)])
  return reply.redirect(question.return_to, 303)
}

/** The provider is asked to forget, too; whether it can or not, the browser has forgotten. */
async function signOut({ provider, sessions, originOf }: SignIn, request: FastifyRequest, reply: FastifyReply) {
  const origin = originOf(request.headers)
  const session = await sessions.read(request.headers, origin)
  reply.header('set-cookie', sessions.clear(origin))
  if (session?.refresh !== undefined) await provider.revoke(session.refresh).catch(tolerated)
  const url = await provider.signOutUrl(new URL('/', origin).href).catch(tolerated)
  return { sign_out_url: url?.href ?? null }
}

/** What was logged already, and keeps nobody from signing out. */
function tolerated(error: unknown): null {
  if (error instanceof ProblemError) return null
  throw error
}

async function me(identity: Identity, signIn: SignIn | null, request: FastifyRequest, reply: FastifyReply) {
  const session = signIn === null ? null : await freshSession(signIn, request, reply)
  if (session !== null) return { ...described(credentialOfSession(session)), name: session.name }
  const credential = await identity.authenticate(request.headers)
  return credential === null ? ANYBODY : described(credential)
}

/** Null if the request does not stand on a cookie, or on one that does not hold. */
async function freshSession({ sessions, originOf }: SignIn, request: FastifyRequest, reply: FastifyReply) {
  if (presentedIn(request.headers)?.kind !== 'cookie') return null
  const { session, cookie } = await sessions.readFresh(request.headers, originOf(request.headers))
  if (cookie !== undefined) reply.header('set-cookie', cookie)
  if (session === null) throw new ProblemError('unauthenticated', 'The session is over.')
  return session
}

function described({ tenantId, subject, role, scopes, sessionId, intents, queries, endsAtMs }: Credential) {
  return {
    tenant_id: tenantId,
    subject,
    role,
    scopes,
    session_id: sessionId,
    intents,
    queries,
    expires_at: endsAtMs === Infinity ? undefined : new Date(endsAtMs).toISOString(),
  }
}

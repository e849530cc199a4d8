// Uploads that resume, by tus 1.0 (https://tus.io/protocols/resumable-upload): `POST /v1/uploads`, then the bytes in as many
// requests as it takes. What comes of one is an artifact, as of any other upload; an intent takes its reference.

import { ProblemError, type TenantId, timeOf } from '@biplane/protocol'
import { MemoryLocker } from '@tus/server'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Caller } from '../../identity/identity.ts'
import type { Kit } from '../../kit/kit.ts'
import { allow } from '../../kit/server.ts'
import { queryOf, tenantIn } from '../query.ts'
import { finisher } from './finish-upload.ts'
import { isUploadId, mintUploadId, nameOf } from './partial-upload.ts'
import { answerTus } from './tus.ts'
import { UPLOAD_LIFE_MS, UploadsFolder } from './uploads-folder.ts'

const UPLOADS = '/v1/uploads'
/** Whoever may not store bytes in the runtime may not store any here. */
const SCOPE = 'intent:submit'
const SWEEP_MS = 10 * 60_000
/** Says of an upload that is whole what has become of it. */
const ARTIFACT_HEADER = 'artifact-id'

const NOTHING = { name: '', address: UPLOADS, finish: () => Promise.resolve() }

export function serveUploads(app: FastifyInstance, kit: Kit): void {
  const folder = new UploadsFolder(kit.uploadsFolder)
  const locker = new MemoryLocker()
  const finish = finisher(folder)

  async function serve(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
    // What is offered here is for everybody to know.
    if (request.method === 'OPTIONS') {
      await answerTus(request, reply, { folder, locker, ...NOTHING })
      return reply.send()
    }
    const named = tenantIn(queryOf(request))
    const caller = await callerOf(kit, request, named)
    const name = nameOf(caller.tenantId, id)
    if (request.method === 'GET') return reply.send({ upload: await viewOf(folder, name, id) })
    const address = `${UPLOADS}/${id}${named === undefined ? '' : `?tenant_id=${named}`}`
    await answerTus(request, reply, { folder, locker, name, address, finish: () => finish(name, kit.clientOf(caller)) })
    if (request.method !== 'DELETE') reply.headers(await artifactOf(folder, name))
    return reply.send()
  }

  app.all(UPLOADS, (request, reply) => {
    allow(['POST', 'OPTIONS'], request, reply)
    return serve(request, reply, mintUploadId())
  })
  app.all(`${UPLOADS}/:upload_id`, (request, reply) => {
    allow(['GET', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'], request, reply)
    const { upload_id } = request.params as { upload_id: string }
    if (!isUploadId(upload_id)) throw new ProblemError('upload_not_found')
    return serve(request, reply, upload_id)
  })
  keepSwept(folder, kit.stopping, app.log)
}

/** Bytes are kept here before the runtime sees them, so whose they are must be known here. */
async function callerOf(kit: Kit, request: FastifyRequest, named: string | undefined) {
  const caller = await kit.identity.resolve(request.headers, named)
  if (!caller.scopes.includes(SCOPE)) throw new ProblemError('forbidden', `What you showed lacks the scope ${SCOPE}.`)
  if (caller.tenantId === undefined) throw new ProblemError('tenant_required')
  return caller as Caller & { tenantId: TenantId }
}

async function viewOf(folder: UploadsFolder, name: string, upload_id: string) {
  const { size, offset, created_ms, artifact } = await folder.find(name)
  return { upload_id, size, offset, expires_at: timeOf(created_ms + UPLOAD_LIFE_MS), artifact }
}

async function artifactOf(folder: UploadsFolder, name: string): Promise<Record<string, string>> {
  const { artifact } = await folder.find(name)
  return artifact === null ? {} : { [ARTIFACT_HEADER]: artifact.artifact_id }
}

function keepSwept(folder: UploadsFolder, stopping: AbortSignal, log: FastifyBaseLogger): void {
  const sweep = () => {
    folder.sweep().catch((error: unknown) => log.error({ err: error }, 'old uploads could not be removed'))
  }
  sweep()
  const timer = setInterval(sweep, SWEEP_MS).unref()
  stopping.addEventListener('abort', () => clearInterval(timer))
}

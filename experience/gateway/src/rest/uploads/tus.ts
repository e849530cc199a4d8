// One request of tus, answered by @tus/server. It is told who asks by the closures that it is given, so there is a server for each
// request; it keeps nothing between them but the locks, which are shared. Its errors leave as ours do.

import { Readable } from 'node:stream'

import { BiplaneError } from '@biplane/client'
import { type ProblemCode, ProblemError } from '@biplane/protocol'
import { type MemoryLocker, Server } from '@tus/server'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { TusStore } from './tus-store.ts'
import { UPLOAD_BYTES_MAX, type UploadsFolder } from './uploads-folder.ts'

export interface AskedOfTus {
  folder: UploadsFolder
  locker: MemoryLocker
  /** What the folder calls the upload. */
  name: string
  /** Where the upload is to be found. */
  address: string
  /** Called when its last byte has come. */
  finish(): Promise<void>
}

/** How long a request that another one relieves may still write. */
const DRAIN_MS = 500

/** Sets the status and the headers of the answer; it has no body. @throws ProblemError, BiplaneError */
export async function answerTus(request: FastifyRequest, reply: FastifyReply, asked: AskedOfTus): Promise<void> {
  let thrown: unknown
  const { folder, locker, name, address, finish } = asked
  const server = new Server({
    path: '/v1/uploads',
    datastore: new TusStore(folder),
    locker,
    lockDrainTimeout: DRAIN_MS,
    maxSize: UPLOAD_BYTES_MAX,
    // Which sites may call is decided before, for every address alike.
    allowedOrigins: () => false,
    namingFunction: () => name,
    getFileIdFromRequest: () => name,
    generateUrl: () => address,
    async onUploadFinish() {
      await finish()
      return {}
    },
    onResponseError(_request, error) {
      thrown = error
      return undefined
    },
  })
  const answer = await server.handleWeb(webRequestOf(request))
  const { 'content-length': _, 'content-type': _type, ...headers } = Object.fromEntries(answer.headers)
  reply.code(answer.status).headers(headers)
  if (answer.status >= 400) throw refusalOf(thrown, answer.status, await answer.text())
}

/** The body is read at the pace at which it is stored, and is left to its owner when it is not. */
function webRequestOf({ method, url, headers, body }: FastifyRequest): Request {
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const stream = body instanceof Readable ? ReadableStream.from(body.iterator({ destroyOnReturn: false })) : null
  const sent = stream === null || method === 'HEAD' ? {} : { body: stream, duplex: 'half' as const }
  return new Request(new URL(url, 'http://gateway'), { method, headers: given, ...sent })
}

/** Of parts of tus that are optional. */
const NOT_OFFERED = 501
const CODES: Partial<Record<number, ProblemCode>> = {
  404: 'upload_not_found',
  409: 'upload_offset_differs',
  410: 'upload_not_found',
  412: 'tus_version_unsupported',
  413: 'body_too_large',
}

/** What was thrown by us is what is meant; of what @tus/server says itself, the status tells the code. */
function refusalOf(thrown: unknown, status: number, text: string): unknown {
  if (thrown instanceof ProblemError || thrown instanceof BiplaneError) return thrown
  if (isDiskFull(thrown)) return new ProblemError('storage_full', undefined, { cause: thrown })
  if (status >= 500 && status !== NOT_OFFERED) return thrown
  const code = CODES[status]
  return code === undefined ? new ProblemError('tus_request_invalid', `${text.trim()}.`) : new ProblemError(code)
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code))

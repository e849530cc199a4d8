// The API documents: one of all that is here, and one of each realm.

import { ProblemError } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'

import type { Catalogue } from '../kit/catalogue.ts'
import { allow } from '../kit/server.ts'
import { openApiOf, openApiOfRealm } from './openapi/document.ts'

export function serveDocuments(app: FastifyInstance, catalogue: Catalogue): void {
  app.all('/openapi.json', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    return openApiOf(catalogue.capabilities() ?? [])
  })
  app.all('/openapi/:file', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    const { file } = request.params as { file: string }
    const realm = /^(.*)\.json$/.exec(file)?.[1]
    const document = realm === undefined ? null : openApiOfRealm(catalogue.capabilities() ?? [], realm)
    if (document === null) throw new ProblemError('route_not_found', `There is no realm for ${file}.`)
    return document
  })
}

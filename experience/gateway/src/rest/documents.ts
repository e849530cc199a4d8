// The API documents: one of all that is here, and one of each realm. They are made when they are first asked for, and again when
// the catalogue has changed.

import { type Capability, ProblemError } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'

import type { Catalogue } from '../kit/catalogue.ts'
import type { Kit } from '../kit/kit.ts'
import { allow } from '../kit/server.ts'
import type { Json } from './openapi/components.ts'
import { openApiOf, openApiOfRealm } from './openapi/document.ts'

export function serveDocuments(app: FastifyInstance, { catalogue, signIn }: Kit): void {
  const signsIn = signIn !== null
  const ofAll = perCatalogue(catalogue, (capabilities) => openApiOf(capabilities, signsIn))
  const ofRealms = perCatalogue(catalogue, (capabilities) => documentsOfRealms(capabilities, signsIn))

  app.all('/openapi.json', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    return ofAll()
  })
  app.all('/openapi/:file', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    const { file } = request.params as { file: string }
    const document = ofRealms().get(file)
    if (document === undefined) throw new ProblemError('route_not_found', `No realm has the document ${file}.`)
    return document
  })
}

function documentsOfRealms(capabilities: readonly Capability[], signsIn: boolean): Map<string, Json> {
  const realms = new Set(capabilities.map(({ realm }) => realm))
  return new Map([...realms].map((realm) => [`${realm}.json`, openApiOfRealm(capabilities, realm, signsIn)]))
}

function perCatalogue<T>(catalogue: Catalogue, make: (capabilities: readonly Capability[]) => T): () => T {
  let made: { of: readonly Capability[] | null; value: T } | null = null
  return () => {
    const of = catalogue.capabilities()
    if (made === null || made.of !== of) made = { of, value: make(of ?? []) }
    return made.value
  }
}

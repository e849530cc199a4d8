// What a caller asks of a capability, in whichever form it came: a query, JSON, a form, a form with files, or a file as the
// whole body. Files are stored as they arrive, in the caller's name, and a reference takes their place in the payload.

import type { Readable } from 'node:stream'

import { type ArtifactRef, type Capability, ProblemError, artifactIdOf } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Fields, readJsonObject, readText } from '../kit/body.ts'
import { artifactFields, refuseMisfit } from '../kit/capability.ts'
import { type Envelope, mergeFields, partFields } from '../kit/envelope.ts'
import type { Caller } from '../identity/identity.ts'
import type { Kit } from '../kit/kit.ts'
import { goneSignal } from '../kit/relay.ts'
import { fieldsFromText } from './form-fields.ts'
import { partsOf } from './multipart.ts'
import { queryOf } from './query.ts'
import { type Upload, inlineUpload, storeUpload } from './upload.ts'

const SOME_ARTIFACT = artifactIdOf('0'.repeat(64))

export interface Input {
  caller: Caller
  envelope: Envelope
  payload: Fields
}

/** Fields as a place holds them, the envelope's and the payload's together. `store` keeps a file in the name of whom they name. */
interface Reading {
  capability: Capability
  request: FastifyRequest
  query: URLSearchParams
  store(upload: Upload, fields: Fields): Promise<ArtifactRef>
}

export async function readInput(
  kit: Kit,
  capability: Capability,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Input> {
  const signal = goneSignal(reply)
  const inputOf = async (fields: Fields): Promise<Input> => {
    const { envelope, payload } = partFields(fields)
    return { caller: await kit.identity.resolve(request.headers, envelope.tenant_id), envelope, payload }
  }
  const store = async (upload: Upload, fields: Fields) => {
    const { caller, payload } = await inputOf(fields)
    refuseEarly(capability, payload)
    return storeUpload(kit.clientOf(caller), upload, signal)
  }
  return inputOf(await readFields({ capability, request, query: queryOf(request), store }))
}

async function readFields(reading: Reading): Promise<Fields> {
  const { capability, request, query } = reading
  const body = request.body as Readable | undefined
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  const fields = (texts: URLSearchParams) => fieldsFromText(texts, capability.payload_schema)

  if (body === undefined) return fields(query)
  if (type === 'application/json') return readJson(reading, mergeFields(fields(query), await readJsonObject(body)))
  if (type === 'application/x-www-form-urlencoded') {
    return mergeFields(fields(query), fields(new URLSearchParams(await readText(body))))
  }
  if (type === 'multipart/form-data') return readForm(reading, body)
  return readRaw(reading, body, type)
}

async function readJson({ capability, store }: Reading, fields: Fields): Promise<Fields> {
  for (const field of artifactFields(capability)) {
    const upload = inlineUpload(capability, field, fields)
    if (upload === null) continue
    const { [`${field}name`]: _name, [`${field}_data`]: _data, ...others } = fields
    fields = { ...others, [field]: await store(upload, others) }
  }
  return fields
}

async function readForm({ capability, request, query, store }: Reading, body: Readable): Promise<Fields> {
  const texts = [...query]
  const files: Fields = {}
  const fields = () => mergeFields(fieldsFromText(texts, capability.payload_schema), files)
  for await (const part of partsOf(body, request.headers)) {
    if (part.kind === 'field') {
      if (Object.keys(files).length > 0) throw new ProblemError('upload_invalid', `${part.name} comes after a file.`)
      texts.push([part.name, part.text])
      continue
    }
    const { name: field, filename: name, mediaType, bytes } = part
    if (!artifactFields(capability).includes(field) || field in files) throw noFile(capability, field)
    files[field] = await store({ name, mediaType, bytes }, fields())
  }
  return fields()
}

async function readRaw({ capability, query, store }: Reading, body: Readable, type?: string): Promise<Fields> {
  const [field, ...others] = artifactFields(capability)
  if (field === undefined || others.length > 0) {
    throw new ProblemError('media_type_unsupported', `${capability.type} takes JSON${field ? ' or a form' : ''}.`)
  }
  const name = query.get('name') ?? undefined
  query.delete('name')
  const fields = fieldsFromText(query, capability.payload_schema)
  const upload = { name, mediaType: type ?? 'application/octet-stream', bytes: body }
  return { ...fields, [field]: await store(upload, fields) }
}

/** Every file stands for itself as one that is stored: what is wrong with the fields is said before the first byte is taken. */
function refuseEarly(capability: Capability, payload: Fields): void {
  const files = artifactFields(capability).map((field): [string, ArtifactRef] => [
    field,
    { artifact_id: SOME_ARTIFACT },
  ])
  refuseMisfit(capability, { ...Object.fromEntries(files), ...payload })
}

function noFile(capability: Capability, field: string): ProblemError {
  const fields = artifactFields(capability)
  const takes = fields.length === 0 ? 'no file' : `one file in each of: ${fields.join(', ')}`
  return new ProblemError('upload_invalid', `${capability.type} takes ${takes}; a file came in "${field}".`)
}

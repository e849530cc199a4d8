// Uploads that resume, in the API document.

import { ArtifactRef, type ProblemCode, TenantId } from '@biplane/protocol'
import * as z from 'zod'

import { UPLOAD_BYTES_MAX } from '../uploads/uploads-folder.ts'
import { BINARY } from './capability-body.ts'
import type { Components, Json } from './components.ts'
import { EXAMPLE_TENANT } from './example.ts'
import { answerHeaders, parametersOf } from './headers.ts'
import { REFUSALS, refusals } from './refusals.ts'

const { ANY, ASKED, CHANGING } = REFUSALS
const ONE: ProblemCode[] = [...ANY, ...ASKED, 'upload_not_found']
const TUS: ProblemCode[] = [...ANY, ...ASKED, ...CHANGING, 'tus_request_invalid', 'tus_version_unsupported']
/** The last bytes make an artifact, which may be refused. */
const BYTES: ProblemCode[] = ['body_too_large', 'upload_incomplete', 'quota_exceeded', 'artifact_not_found']

const View = z.object({
  upload: z.object({
    upload_id: z.string(),
    size: z.int(),
    offset: z.int(),
    expires_at: z.iso.datetime(),
    artifact: ArtifactRef.nullable(),
  }),
})

export function uploadPaths(components: Components): [path: string, item: Json][] {
  const tenant = {
    name: 'tenant_id',
    in: 'query',
    schema: components.of('tenant_id', TenantId, 'input'),
    example: EXAMPLE_TENANT,
  }
  const id = {
    name: 'upload_id',
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^upl_[0-9a-f]{32}$' },
  }
  const version = parametersOf(components, 'TusResumable')
  return [
    ['/v1/uploads', { parameters: [tenant, ...version], post: begin(components) }],
    [
      '/v1/uploads/{upload_id}',
      {
        parameters: [id, tenant],
        get: read(components),
        head: { ...offset(components), parameters: version },
        patch: send(components, version),
        delete: { ...end(components), parameters: version },
      },
    ],
  ]
}

const about = (operationId: string, summary: string) => ({ operationId, summary, tags: ['uploads'] })

const inHeader = (name: string, schema: Json) => ({
  name,
  in: 'header',
  required: true,
  schema: { type: 'integer', minimum: 0, ...schema },
})

const METADATA = {
  name: 'Upload-Metadata',
  in: 'header',
  description: '`filename` and `filetype` with base64 values, comma-separated.',
  schema: { type: 'string' },
  example: 'filename b3JkZXJzLmNzdg==,filetype dGV4dC9jc3Y=',
}

const bytes = (description: string) => ({
  description,
  content: { 'application/offset+octet-stream': { schema: BINARY } },
})

const begin = (components: Components): Json => ({
  ...about('uploads.begin', 'Begin an upload that resumes (tus 1.0)'),
  description:
    'Then send the bytes with PATCH to its `Location`, in as many requests as it takes. When the last one is there the upload is ' +
    'an artifact: `Artifact-Id` names it, and GET tells the reference for a payload.',
  parameters: [inHeader('Upload-Length', { maximum: UPLOAD_BYTES_MAX }), METADATA],
  requestBody: bytes('The first bytes, if you like.'),
  responses: {
    201: {
      description: 'Begun.',
      headers: answerHeaders(components, 'Location', 'Tus-Resumable', 'Upload-Offset', 'Upload-Expires', 'Artifact-Id'),
    },
    ...refusals(components, [...TUS, ...BYTES]),
  },
})

const read = (components: Components): Json => ({
  ...about('uploads.read', 'How an upload stands, and what it has become'),
  responses: {
    200: {
      description: 'With `artifact`, once all of it is there: the reference for a payload.',
      headers: answerHeaders(components),
      content: { 'application/json': { schema: components.of('uploads.view', View, 'output') } },
    },
    ...refusals(components, ONE),
  },
})

const offset = (components: Components): Json => ({
  ...about('uploads.offset', 'How many bytes of an upload came'),
  responses: {
    200: {
      description: 'Go on at `Upload-Offset`.',
      headers: answerHeaders(components, 'Tus-Resumable', 'Upload-Offset', 'Upload-Length', 'Artifact-Id'),
    },
    ...refusals(components, [...TUS, 'upload_not_found']),
  },
})

const send = (components: Components, version: Json[]): Json => ({
  ...about('uploads.send', 'Send bytes of an upload'),
  parameters: [...version, inHeader('Upload-Offset', {})],
  requestBody: { required: true, ...bytes('What comes behind the bytes that came.') },
  responses: {
    204: {
      description: 'They are there.',
      headers: answerHeaders(components, 'Tus-Resumable', 'Upload-Offset', 'Upload-Expires', 'Artifact-Id'),
    },
    ...refusals(components, [...TUS, ...BYTES, 'upload_not_found', 'upload_offset_differs']),
  },
})

const end = (components: Components): Json => ({
  ...about('uploads.end', 'Take an upload back'),
  responses: {
    204: { description: 'Its bytes are gone.', headers: answerHeaders(components, 'Tus-Resumable') },
    ...refusals(components, [...TUS, 'upload_not_found']),
  },
})

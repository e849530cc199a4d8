// A file among a tool's arguments: a reference to one that is stored, a link as an answer gave it, or the file itself if it is
// small. It is stored before anything is asked of the runtime, which is then given the reference alone.

import { type ArtifactRef, type Capability, ProblemError, artifactIdOf } from '@biplane/protocol'

import type { Fields } from '../kit/body.ts'
import { type JsonSchema, artifactFields, refuseMisfit } from '../kit/capability.ts'
import { given } from '../kit/given.ts'
import { artifactAt } from './resource-uri.ts'
import type { Call } from './call.ts'

const SOURCES = ['text', 'base64', 'artifact_id', 'uri'] as const
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const MEDIA_TYPE = /^[\x20-\x7e]+$/
const SOME_ARTIFACT = artifactIdOf('0'.repeat(64))

/** Flat, because not every host's model is good at choices between objects. */
export const artifactArgument = ({ description }: JsonSchema, inlineBytesMax: number): JsonSchema => ({
  type: 'object',
  description: `${typeof description === 'string' ? `${description} ` : ''}Give one of ${SOURCES.join(', ')}.`,
  properties: {
    text: { type: 'string', description: `The file itself, if it is text of at most ${inlineBytesMax / 1024} KiB.` },
    base64: { type: 'string', description: `The file itself as base64, of at most ${inlineBytesMax / 1024} KiB.` },
    artifact_id: { type: 'string', description: 'Of a file that is stored already: art_…' },
    uri: { type: 'string', description: 'Of a file that an answer linked to: biplane://artifact/art_…' },
    name: { type: 'string', description: 'What the file is called, such as orders.csv.' },
    media_type: { type: 'string', description: 'Such as text/csv.' },
  },
})

/** What takes the file's place in the payload, and its bytes if it is not stored yet. */
interface FoundFile {
  ref: Fields
  bytes: Uint8Array<ArrayBuffer> | null
}

/**
 * The payload with a reference for each of its files. All that is wrong is said before the first file is stored.
 * @throws ProblemError payload_invalid or file_data_too_large; BiplaneError
 */
export async function withFiles(call: Call, capability: Capability, payload: unknown): Promise<unknown> {
  const bytesMax = call.station.limits.inlineBytesMax
  const fields = (typeof payload === 'object' ? payload : null) as Fields | null
  const found = artifactFields(capability)
    .filter((field) => typeof fields?.[field] === 'object' && fields[field] !== null)
    .map((field) => [field, fileIn(field, fields?.[field] as Fields, bytesMax)] as const)
  if (found.length === 0) {
    refuseMisfit(capability, payload)
    return payload
  }
  const whole: Fields = { ...fields, ...Object.fromEntries(found.map(([field, { ref }]) => [field, ref])) }
  refuseMisfit(capability, whole)
  for (const [field, { ref, bytes }] of found) {
    if (bytes !== null) whole[field] = await store(call, ref as ArtifactRef, bytes)
  }
  return whole
}

function fileIn(field: string, file: Fields, bytesMax: number): FoundFile {
  const [source, ...others] = SOURCES.filter((name) => file[name] !== undefined)
  if (source === undefined || others.length > 0) throw invalid(field, `must have one of ${SOURCES.join(', ')}`)
  if (source === 'artifact_id') return { ref: file, bytes: null }
  if (source === 'uri') return { ref: linked(field, file), bytes: null }
  const { name, media_type, [source]: content } = file
  if (typeof content !== 'string') throw invalid(`${field}.${source}`, 'must be text')
  if (source === 'base64' && !BASE64.test(content)) throw invalid(`${field}.base64`, 'must be base64')
  if (media_type !== undefined && !MEDIA_TYPE.test(String(media_type))) {
    throw invalid(`${field}.media_type`, 'must be a media type')
  }
  const bytes = new Uint8Array(Buffer.from(content, source === 'text' ? 'utf8' : 'base64'))
  if (bytes.length > bytesMax) throw tooLarge(field, bytes.length, bytesMax)
  const ref = { name, media_type: media_type ?? (source === 'text' ? 'text/plain' : 'application/octet-stream') }
  return { ref: { artifact_id: SOME_ARTIFACT, ...given(ref) }, bytes }
}

/** Of a link, as a host hands it on, what an intent takes. */
function linked(field: string, { uri, name }: Fields): Fields {
  const artifact_id = typeof uri === 'string' ? artifactAt(uri) : null
  if (artifact_id === null) throw invalid(`${field}.uri`, 'must look like biplane://artifact/art_<sha256>')
  return { artifact_id, ...given({ name }) }
}

async function store(call: Call, { name, media_type: mediaType }: ArtifactRef, bytes: Uint8Array<ArrayBuffer>) {
  const stored = await call.client.putArtifact(bytes, { signal: call.gone, ...given({ mediaType }) })
  const { artifact_id, media_type, size } = stored
  return { artifact_id, media_type, size, ...given({ name }) } satisfies ArtifactRef
}

function tooLarge(field: string, size: number, bytesMax: number): ProblemError {
  const advice = 'Store it with POST /v1/artifact and give its artifact_id.'
  return new ProblemError('file_data_too_large', `${field} has ${size} bytes; a call takes ${bytesMax}. ${advice}`)
}

function invalid(path: string, message: string): ProblemError {
  return new ProblemError('payload_invalid', `${path} ${message}.`, { errors: [{ path, message }] })
}

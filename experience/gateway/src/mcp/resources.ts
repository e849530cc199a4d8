// What can be read by its address: an execution as it stands, and the bytes of an artifact. The list has the tenant's latest
// executions.

import { isUtf8 } from 'node:buffer'

import type { Client } from '@biplane/client'
import { type ExecutionSummary, ProblemError } from '@biplane/protocol'
import { ResourceNotFoundError } from '@modelcontextprotocol/server'
import type { ListResourceTemplatesResult, ListResourcesResult, ReadResourceResult } from '@modelcontextprotocol/server'

import type { McpLimits } from './limits.ts'
import { TEMPLATES, artifactAt, executionAt, executionUri } from './resource-uri.ts'

type Contents = ReadResourceResult['contents'][number]

export const RESOURCE_TEMPLATES: ListResourceTemplatesResult = {
  resourceTemplates: [
    {
      name: 'execution',
      title: 'An execution as it stands',
      uriTemplate: TEMPLATES.execution,
      mimeType: 'application/json',
    },
    { name: 'artifact', title: 'The bytes of an artifact', uriTemplate: TEMPLATES.artifact },
  ],
}

/** No further pages: clients read them all at once, and some would then never come to an end. */
export const listResources = async (client: Client): Promise<ListResourcesResult> => ({
  resources: (await client.executions()).items.map(resourceOf),
})

const resourceOf = ({ execution_id, intent_type, status, created_at }: ExecutionSummary) => ({
  uri: executionUri(execution_id),
  name: execution_id,
  title: `${intent_type}: ${status}`,
  mimeType: 'application/json',
  annotations: { lastModified: created_at },
})

/** @throws ProblemError, BiplaneError, and ResourceNotFoundError for an address of nothing */
export async function readResource(client: Client, uri: string, limits: McpLimits): Promise<ReadResourceResult> {
  const execution = executionAt(uri)
  if (execution !== null) return { contents: [json(uri, await client.execution(execution))] }
  const artifact = artifactAt(uri)
  if (artifact !== null) return { contents: [await bytesOf(client, uri, artifact, limits.resourceBytesMax)] }
  throw new ResourceNotFoundError(uri)
}

const json = (uri: string, value: object): Contents => ({
  uri,
  mimeType: 'application/json',
  text: JSON.stringify(value),
})

async function bytesOf(client: Client, uri: string, artifactId: string, bytesMax: number): Promise<Contents> {
  const { stream, mediaType, size } = await client.getArtifact(artifactId)
  if (size === null || size > bytesMax) {
    await stream.cancel()
    const detail = `The artifact has more than ${bytesMax} bytes. Fetch it from /v1/artifact/${artifactId} instead.`
    throw new ProblemError('answer_too_large', detail)
  }
  const bytes = Buffer.from(await new Response(stream).arrayBuffer())
  const about = { uri, mimeType: mediaType }
  return TEXT.test(mediaType) && isUtf8(bytes)
    ? { ...about, text: bytes.toString('utf8') }
    : { ...about, blob: bytes.toString('base64') }
}

const TEXT = /^(text\/|application\/([\w.-]+\+)?json\b)/

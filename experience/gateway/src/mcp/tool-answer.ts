// What a tool answers: one JSON object, as structured content and as text for those who read text alone. Files that the object
// refers to are linked beside it.

import { ArtifactRef } from '@biplane/protocol'
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server'

import { artifactUri } from './resource-uri.ts'

export function answer(content: object, { isError = false, linksMax = 0 } = {}): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(content) }, ...linksIn(content, linksMax)],
    structuredContent: { ...content },
    ...(isError ? { isError } : {}),
  }
}

function linksIn(content: object, linksMax: number): ContentBlock[] {
  const found = new Map<string, ContentBlock>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.size >= linksMax) return
    const ref = ArtifactRef.safeParse(value).data
    if (ref !== undefined) found.set(ref.artifact_id, linkTo(ref))
    else Object.values(value).forEach(look)
  }
  look(content)
  return [...found.values()]
}

const linkTo = ({ artifact_id, name = artifact_id, media_type: mimeType, size }: ArtifactRef): ContentBlock => ({
  type: 'resource_link',
  uri: artifactUri(artifact_id),
  name,
  ...(mimeType === undefined ? {} : { mimeType }),
  ...(size === undefined ? {} : { size }),
})

// What a reader of the API document does, who knows nothing else: the address, the example and the wait are all taken from there.

import { json } from '../planes.ts'
import { type Completed, type Fields, TENANT, completed } from './surface.ts'

interface Operation {
  operationId: string
  summary: string
  requestBody: { content: Record<string, { schema: { properties: Fields }; example: Fields }> }
}

interface OpenApiDocument {
  paths: Record<string, { post?: Operation }>
}

export const openApiAt = (url: string) => json<OpenApiDocument>(`${url}/openapi.json`)

export async function completeAsDocumented(url: string, type: string): Promise<Completed> {
  const { paths } = await openApiAt(url)
  const [address = '', path] = Object.entries(paths).find(([, { post }]) => post?.operationId === type) ?? []
  const example = path?.post?.requestBody.content['application/json']?.example
  const response = await fetch(url + address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify({ ...example, tenant_id: TENANT }),
  })
  return completed((await response.json()) as Fields)
}

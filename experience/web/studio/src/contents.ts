// The tables of a tenant, as content.list answers them.

import type { Client } from '@biplane/client'
import { queryOptions } from '@tanstack/react-query'

import type { Found, Search } from '../../ui/shell/app.ts'

export interface Content {
  content_id: string
  name: string
  format: string
  /** Records of the file; those that could not be a row of the table are `rejected`. */
  rows: { in: number; landed: number; rejected: number }
  rejected_cells: number
}

const CONTENTS_MAX = 200

export const contentsOf = (client: Client, tenantId: string) =>
  queryOptions({
    queryKey: ['contents', tenantId],
    queryFn: async ({ signal }) => {
      const answer = await client.query({ type: 'content.list', payload: { limit: CONTENTS_MAX }, signal })
      return (answer as { contents: Content[] }).contents
    },
  })

export async function findContents({ text, client, tenantId, queries }: Search): Promise<Found[]> {
  const contents = await queries.query(contentsOf(client, tenantId))
  return contents
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
    .map(({ name }) => ({ to: '/', label: name, kind: 'Table' }))
}

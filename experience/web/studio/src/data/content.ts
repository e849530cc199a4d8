// Tables, as the realm `content` and the tenant's state tell of them (realms/README.md).

import type { Client } from '@biplane/client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

export interface Rows {
  /** Records of the file; those that could not be a row of the table are `rejected`. */
  in: number
  landed: number
  rejected: number
}

export interface Warned {
  code: string
  message: string
}

export interface ContentItem {
  content_id: string
  name: string
  format: string
  rows: Rows
  rejected_cells: number
  created_at: string | null
}

export interface ArtifactRef {
  artifact_id: string
  name?: string
  size?: number
}

export interface TypedColumn {
  name: string
  /** What the file calls it; '' if it does not. */
  label: string
  type: string
  sql_type: string
  /** How the file writes values of this type: `D.M.Y`. */
  format?: string
  nulls: number
  rejected: number
}

export interface Content extends Omit<ContentItem, 'created_at'> {
  encoding: string
  dialect: { delimiter: string; quote: string; header: boolean } | null
  reject_reasons: Record<string, number>
  blank_lines: number
  columns: TypedColumn[]
  warnings: Warned[]
  artifacts: { source: ArtifactRef }
}

export type Value = string | number | boolean

export interface ColumnProfile {
  name: string
  type: string
  values: number
  nulls: number
  distinct: number
  min: Value | null
  max: Value | null
  mean: number | null
  top: { value: Value; count: number }[]
  histogram: { from: Value; to: Value; count: number }[]
  meanings: { meaning: string; score: number; evidence: string; counter_examples: string[] }[]
}

export interface Profile {
  rows: number
  columns: ColumnProfile[]
}

export type View = 'rows' | 'text' | 'rejected_rows' | 'rejected_cells'

export interface Preview {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  row_numbers: number[]
  total: number
}

const LISTED_AT_ONCE = 30

/** `find`: only those whose name has this in it. */
export const contentsOf = (client: Client, tenantId: string, find: string) =>
  infiniteQueryOptions({
    queryKey: ['contents', tenantId, find],
    queryFn: ({ signal, pageParam }) => {
      const payload = {
        limit: LISTED_AT_ONCE,
        ...(find === '' ? {} : { find }),
        ...(pageParam && { after: pageParam }),
      }
      return client.query<{ contents: ContentItem[]; next: string | null }>({ type: 'content.list', payload, signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** @throws BiplaneError `state_not_found` */
export const contentOf = (client: Client, tenantId: string, contentId: string) =>
  queryOptions({
    queryKey: ['content', tenantId, contentId],
    queryFn: async ({ signal }) => {
      const { value } = await client.state({ tenantId }, `content/${contentId}`, { signal })
      return value as unknown as Content
    },
    staleTime: Infinity,
  })

export const profileOf = (client: Client, tenantId: string, contentId: string) =>
  queryOptions({
    queryKey: ['profile', tenantId, contentId],
    queryFn: ({ signal }) =>
      client.query<Profile>({ type: 'content.profile', payload: { content_id: contentId }, signal }),
    staleTime: Infinity,
  })

export const previewOf =
  (client: Client, contentId: string, view: View) => (offset: number, limit: number, signal: AbortSignal) =>
    client.query<Preview>({ type: 'content.preview', payload: { content_id: contentId, view, offset, limit }, signal })

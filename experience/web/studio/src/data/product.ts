// Products, as the realm `data_mash` tells of them (realms/README.md).

import { BiplaneError, type Client } from '@biplane/client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import type { ArtifactRef, Rows, Warned } from './content.ts'

export interface ProductItem {
  product_id: string
  name: string
  rows: number
  columns: number
  sources: { table: string; content_id: string }[]
  created_at: string | null
}

export interface ContentAccount {
  content_id: string
  name: string
  role: 'base' | 'joined'
  rows: Rows
  used: number
  duplicates_set_aside: number
  not_referred_to: number
}

export interface Accounting {
  contents: ContentAccount[]
  base_rows: number
  multiplied_rows: number
  product_rows: number
  reconciled: boolean
}

export interface Join {
  left: string
  left_column: string
  right: string
  right_column: string
  score: number
  evidence: string
  left_rows: number
  matched_rows: number
}

export interface ContractColumn {
  name: string
  label: string
  type: string
  sql_type: string
  meaning: string | null
  lineage: { content_id: string; content: string; column: string }[]
}

export interface Contract {
  columns: ContractColumn[]
  row_lineage: { source: string; record: string; columns: string[] }
  sources: { table: string; content_id: string; content: string }[]
  unions: { table: string; contents: string[] }[]
  joins: { base: string; joins: Join[] }[]
  alternatives: Join[]
  /** Left out in products of before it was kept. */
  warnings?: Warned[]
  accounting: Accounting
}

export interface ContentQuality {
  content_id: string
  name: string
  score: number
  rows: Rows
  rejected_cells: number
  duplicate_rows: number
  empty_cells: number
  repeated_keys: { column: string; repeated: number; score: number }[]
  rejected_rows_sample?: { record: number; reason: string; detail: string; raw: string }[]
  rejected_cells_sample?: { row: number; column: string; raw: string; reason: string }[]
}

export interface Quality {
  score: number
  contents: ContentQuality[]
}

export interface Product {
  product: {
    product_id: string
    name: string
    rows: number
    columns: number
    sources: { table: string; content_id: string }[]
    lineage: string[]
    artifacts: { product: ArtifactRef }
  }
  contract: Contract
  quality: Quality
}

/** Of data_mash.create, as far as it is looked at here. */
export interface Mashed {
  product_id: string
  name: string
  rows: number
  columns: unknown[]
  accounting: Accounting
  warnings: Warned[]
}

export interface Answer {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  truncated: boolean
}

const LISTED_AT_ONCE = 30

/** `find`: only those whose name has this in it. */
export const productsOf = (client: Client, tenantId: string, find: string) =>
  infiniteQueryOptions({
    queryKey: ['products', tenantId, find],
    queryFn: ({ signal, pageParam }) => {
      const payload = {
        limit: LISTED_AT_ONCE,
        ...(find === '' ? {} : { find }),
        ...(pageParam && { after: pageParam }),
      }
      return client.query<{ products: ProductItem[]; next: string | null }>({ type: 'data_mash.list', payload, signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** @throws BiplaneError `data_mash.not_found` */
export const productOf = (client: Client, tenantId: string, productId: string) =>
  queryOptions({
    queryKey: ['product', tenantId, productId],
    queryFn: ({ signal }) =>
      client.query<Product>({ type: 'data_mash.product', payload: { product_id: productId }, signal }),
    staleTime: Infinity,
  })

/** @throws BiplaneError `data_mash.sql_invalid` */
export const askProduct = (client: Client, productId: string, sql: string, limit: number, signal?: AbortSignal) =>
  client.query<Answer>({ type: 'data_mash.query', payload: { product_id: productId, sql, limit }, signal })

/** The product as CSV; it is written first. @throws BiplaneError also if that fails */
export const csvOf = (client: Client, tenantId: string, productId: string) =>
  queryOptions({
    queryKey: ['csv', tenantId, productId],
    queryFn: async ({ signal }): Promise<ArtifactRef> => {
      const { execution_id } = await client.submit('data_mash.export', { product_id: productId }, { signal })
      const { status, result, error } = await client.result(execution_id, { signal })
      if (status === 'completed') return (result as unknown as { artifact: ArtifactRef }).artifact
      const { code, message } = error ?? {
        code: `execution.${status}`,
        message: `The file is not written: it is ${status}.`,
      }
      throw new BiplaneError({ code, status: 500, detail: message, advice: 'Try again, or take it as Parquet.' })
    },
    staleTime: Infinity,
  })

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A page of the product, without the columns that say which record a row comes from. */
export const rowsSql = ({ lineage }: Product['product'], offset: number, limit: number): string =>
  `SELECT * EXCLUDE (${lineage.map(quoted).join(', ')}) FROM data LIMIT ${limit} OFFSET ${offset}`

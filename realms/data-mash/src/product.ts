// A data product: what a mash leaves. Its facts are a value of the tenant's state under `product/<id>`.

import * as z from 'zod'

import { ArtifactRef, TerminalError, type SharedState } from '@biplane/realm'
import { ContentId } from '@biplane/tables'

import type { Source } from './source.ts'

export const productKey = (productId: string): string => `product/${productId}`

export const ProductId = z.string().regex(/^prd_[0-9A-Za-z_-]{1,60}$/, 'must look like prd_…')

export const ProductArtifacts = z.object({
  /** Parquet: the table. */
  product: ArtifactRef,
  /** JSON: columns, lineage, joins, accounting. */
  contract: ArtifactRef,
  /** JSON: the quality report. */
  quality: ArtifactRef,
  /** Parquet: content (its table's name), record, reason: landed rows that are not in the product. */
  aside: ArtifactRef,
})

export const Product = z.object({
  product_id: ProductId,
  name: z.string(),
  rows: z.int(),
  columns: z.int(),
  /** The contents, under the names by which SQL knows them. */
  sources: z.array(z.object({ table: z.string(), content_id: ContentId, typed: ArtifactRef })),
  /** Columns that say which record a row comes from. */
  lineage: z.array(z.string()),
  artifacts: ProductArtifacts,
})
export type Product = z.infer<typeof Product>

/** What stands in the place of a product whose mash was cancelled after it was registered. */
const Withdrawn = z.object({ withdrawn: z.literal(true) })
export const isWithdrawn = (value: unknown): boolean => Withdrawn.safeParse(value).success

/** Makes the product visible. */
export async function registerProduct(
  state: SharedState,
  facts: Omit<Product, 'sources'>,
  sources: readonly Source[],
): Promise<void> {
  await state.compareAndSet(productKey(facts.product_id), 0, { ...facts, sources: sources.map(sourceFacts) })
}

/** Takes it back, if it was registered. May be done twice. */
export async function withdrawProduct(state: SharedState, productId: string): Promise<void> {
  const key = productKey(productId)
  const registered = await state.get<unknown>(key)
  if (registered !== null) await state.compareAndSet(key, registered.revision, { withdrawn: true })
}

const sourceFacts = ({ table, content }: Source): Product['sources'][number] => ({
  table,
  content_id: content.content_id,
  typed: content.artifacts.typed,
})

/** As much of a context as it takes to find a product. */
interface Finding {
  readonly state: { readonly tenant: Pick<SharedState, 'get'> }
}

/** @throws TerminalError data_mash.not_found */
export async function findProduct(ctx: Finding, productId: string): Promise<Product> {
  const found = await ctx.state.tenant.get<unknown>(productKey(productId))
  if (found === null || isWithdrawn(found.value)) {
    throw new TerminalError('data_mash.not_found', `There is no product ${productId}.`, {
      advice: 'See the result of data_mash.create for the product_id. Products belong to one tenant.',
    })
  }
  return Product.parse(found.value)
}

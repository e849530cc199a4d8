// Where every row of every content went. For each content: in = rejected + landed, and landed = used + duplicates set aside +
// not referred to. The numbers come from different counts, and if they do not add up nothing is registered.

import * as z from 'zod'

import { ContentId, Rows } from '@biplane/tables'

import type { Model } from './model.ts'
import type { Duplicates } from './product-sql.ts'
import type { Source } from './source.ts'

const ContentAccount = z.object({
  content_id: ContentId,
  name: z.string(),
  /** `base`: each of its rows is a row of the product. `joined`: its rows add columns to rows of others. */
  role: z.enum(['base', 'joined']),
  rows: Rows,
  /** Landed rows that are in the product. */
  used: z.int(),
  /** Landed rows that repeat the key of a row before them, which stands for them. */
  duplicates_set_aside: z.int(),
  /** Landed rows that no row of the product refers to. */
  not_referred_to: z.int(),
})

export const Accounting = z.object({
  contents: z.array(ContentAccount),
  /** Rows of all bases. */
  base_rows: z.int(),
  /** Rows that duplicates added; 0 unless `duplicates` is `multiply`. */
  multiplied_rows: z.int(),
  product_rows: z.int(),
  /** True: every number above was checked against another count. */
  reconciled: z.literal(true),
})
export type Accounting = z.infer<typeof Accounting>

/** What was counted in DuckDB, by name of content. */
export interface Counts {
  productRows: number
  /** Different rows of the content that the product names. */
  used: ReadonlyMap<string, number>
  aside: ReadonlyMap<string, { duplicate_key: number; not_referred_to: number }>
}

/** @throws Error if a row is unaccounted for, which is a defect of ours and never of the data */
export function account(
  sources: readonly Source[],
  bases: ReadonlySet<Source>,
  counts: Counts,
  duplicates: Duplicates,
): Accounting {
  const contents = sources.map((source) => accountOf(source, bases.has(source), counts))
  for (const { name, rows, used, duplicates_set_aside, not_referred_to } of contents) {
    if (used + duplicates_set_aside + not_referred_to === rows.landed && rows.in === rows.landed + rows.rejected)
      continue
    throw new Error(
      `Rows of ${name} do not reconcile: ${used} + ${duplicates_set_aside} + ${not_referred_to} of ${rows.landed}.`,
    )
  }
  const base_rows = contents.filter(({ role }) => role === 'base').reduce((sum, { rows }) => sum + rows.landed, 0)
  const multiplied_rows = counts.productRows - base_rows
  if (multiplied_rows < 0 || (duplicates === 'set_aside' && multiplied_rows !== 0)) {
    throw new Error(`Rows do not reconcile: ${base_rows} of the bases, ${counts.productRows} in the product.`)
  }
  return { contents, base_rows, multiplied_rows, product_rows: counts.productRows, reconciled: true }
}

function accountOf(
  { table, content }: Source,
  isBase: boolean,
  { used, aside }: Counts,
): z.infer<typeof ContentAccount> {
  const { content_id, name, rows } = content
  const left = aside.get(table)
  return {
    content_id,
    name,
    role: isBase ? 'base' : 'joined',
    rows,
    used: used.get(table) ?? 0,
    duplicates_set_aside: left?.duplicate_key ?? 0,
    not_referred_to: left?.not_referred_to ?? 0,
  }
}

/** The sources whose rows are rows of the product. */
export const basesOf = ({ trees }: Model, members: (table: string) => readonly Source[]): Set<Source> =>
  new Set(trees.flatMap(({ base }) => members(base)))

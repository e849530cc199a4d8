// A content: a file that became a table. The facts are a value of the tenant's state under `content/<id>`; what is large is in
// the artifacts they name. The realms that make contents and that use them share this and nothing else.

import * as z from 'zod'

import { ArtifactRef } from '@biplane/protocol'

import { TypedColumn } from './infer/column-type.ts'

/** Where a content’s facts are in the tenant’s state. */
export const contentKey = (contentId: string): string => `content/${contentId}`

export const ContentId = z.string().regex(/^cnt_[0-9A-Za-z_-]{1,60}$/, 'must look like cnt_…')

export const Warning = z.object({ code: z.string(), message: z.string() })
export type Warning = z.infer<typeof Warning>

export const Rows = z.object({
  /** Records of the file, its header aside. Always landed + rejected. */
  in: z.int().nonnegative(),
  landed: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
})

export const Content = z.object({
  content_id: ContentId,
  name: z.string(),
  format: z.enum(['csv', 'tsv', 'json', 'ndjson']),
  /** As read: `utf-8`, `windows-1252`, `mixed` if records differ, or another. */
  encoding: z.string(),
  /** Of a delimited file. */
  dialect: z.object({ delimiter: z.string(), quote: z.string(), header: z.boolean() }).nullable(),
  rows: Rows,
  /** Why rows were rejected, with how many. */
  reject_reasons: z.record(z.string(), z.int()),
  /** Lines with nothing on them, which are no records. */
  blank_lines: z.int(),
  rejected_cells: z.int().nonnegative(),
  columns: z.array(TypedColumn),
  warnings: z.array(Warning),
  artifacts: z.object({
    source: ArtifactRef,
    /** Parquet: `_row` and every cell as text. */
    landed: ArtifactRef,
    /** Parquet: record, line, reason, detail, raw. */
    rejected_rows: ArtifactRef,
    /** Parquet: `_row` and the typed columns. */
    typed: ArtifactRef,
    /** Parquet: row, column, raw, reason. */
    rejected_cells: ArtifactRef,
    /** JSON: the profile. */
    profile: ArtifactRef,
  }),
})
export type Content = z.infer<typeof Content>

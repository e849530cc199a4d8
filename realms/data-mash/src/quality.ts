// Phase data_quality: what can be held against the data, before anything is made of it.

import * as z from 'zod'

import type { StepContext } from '@biplane/realm'
import { ContentId, Rows, ident, openScratch, type Content, type Profile } from '@biplane/tables'

import { readProfile } from './read-profile.ts'
import { runSql } from './run-sql.ts'
import type { Source } from './source.ts'

const SAMPLE_ROWS = 5
const SAMPLE_CHARS_MAX = 200
/** A column is reported for repeated values only if it looks this much like a key. */
const KEY_SCORE_MIN = 0.5
const REPEATED_KEYS_MAX = 10

/** What the score of a content is made of; the weights add up to 1. */
const WEIGHTS = { rows: 0.4, cells: 0.3, unique: 0.2, filled: 0.1 }

const ContentQuality = z.object({
  content_id: ContentId,
  name: z.string(),
  /** 0 to 1: 0.4 × rows landed, 0.3 × cells that fit, 0.2 × rows that repeat no other, 0.1 × cells filled; each a share. */
  score: z.number(),
  rows: Rows,
  rejected_cells: z.int(),
  /** Rows that are equal to another in every column, beyond the first of each. */
  duplicate_rows: z.int(),
  empty_cells: z.int(),
  /** Columns that look like keys and repeat values, likeliest first, at most ten. */
  repeated_keys: z.array(z.object({ column: z.string(), repeated: z.int(), score: z.number() })),
  rejected_rows_sample: z.array(z.record(z.string(), z.json())),
  rejected_cells_sample: z.array(z.record(z.string(), z.json())),
})
type ContentQuality = z.infer<typeof ContentQuality>

export const Quality = z.object({
  /** The scores of the contents, weighed by their rows. */
  score: z.number(),
  contents: z.array(ContentQuality),
})
export type Quality = z.infer<typeof Quality>

export async function assessQuality(step: StepContext, sources: readonly Source[]): Promise<Quality> {
  const contents: ContentQuality[] = []
  for (const source of sources) contents.push(await assess(step, source))
  const rows = contents.reduce((sum, content) => sum + content.rows.in, 0)
  const weighed = contents.reduce((sum, { score, rows: { in: count } }) => sum + score * count, 0)
  return { score: round(rows === 0 ? 1 : weighed / rows), contents }
}

async function assess(step: StepContext, source: Source): Promise<ContentQuality> {
  const { table, content } = source
  await using scratch = await openScratch()
  const { artifacts } = step
  const columns = content.columns.map(({ name }) => ident(name)).join(', ')
  const sample = (name: string) => ({
    name,
    sql: `SELECT * REPLACE (left(raw, ${SAMPLE_CHARS_MAX}) AS raw) FROM ${name} LIMIT ${SAMPLE_ROWS}`,
  })
  const ran = await runSql(step, scratch, {
    sources: [source],
    files: {
      _rejected_rows: await artifacts.path(content.artifacts.rejected_rows),
      _rejected_cells: await artifacts.path(content.artifacts.rejected_cells),
    },
    says: `Looking at ${content.name}`,
    queries: [
      { name: 'different', sql: `SELECT count(DISTINCT hash(${columns})) AS n FROM ${ident(table)}` },
      sample('_rejected_rows'),
      sample('_rejected_cells'),
    ],
  })
  const profile = await readProfile(step, content)
  const duplicate_rows = content.rows.landed - Number(ran['different']?.rows[0]?.['n'] ?? 0)
  return {
    content_id: content.content_id,
    name: content.name,
    score: scoreOf(content, duplicate_rows),
    rows: content.rows,
    rejected_cells: content.rejected_cells,
    duplicate_rows,
    empty_cells: emptyCells(content),
    repeated_keys: repeatedKeys(profile),
    rejected_rows_sample: ran['_rejected_rows']?.rows ?? [],
    rejected_cells_sample: ran['_rejected_cells']?.rows ?? [],
  }
}

const emptyCells = ({ columns }: Content): number => columns.reduce((sum, { nulls }) => sum + nulls, 0)

function scoreOf(content: Content, duplicates: number): number {
  const { rows, rejected_cells, columns } = content
  const cells = rows.landed * columns.length
  const empty = emptyCells(content)
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
  return round(
    WEIGHTS.rows * share(rows.landed, rows.in) +
      WEIGHTS.cells * share(cells - empty - rejected_cells, cells - empty) +
      WEIGHTS.unique * share(rows.landed - duplicates, rows.landed) +
      WEIGHTS.filled * share(cells - empty, cells),
  )
}

function repeatedKeys({ columns }: Profile): ContentQuality['repeated_keys'] {
  const found = columns.flatMap(({ name, values, distinct, meanings }) => {
    const key = meanings.find(({ meaning }) => meaning === 'key')
    if (key === undefined || key.score < KEY_SCORE_MIN || values === distinct) return []
    return [{ column: name, repeated: values - distinct, score: key.score }]
  })
  return found.sort((a, b) => b.score - a.score).slice(0, REPEATED_KEYS_MAX)
}

const round = (score: number): number => Math.round(score * 1000) / 1000

/** What of a report goes into an event. */
export const qualityInShort = ({ score, contents }: Quality) => ({
  score,
  contents: contents.map(({ rejected_rows_sample: _rows, rejected_cells_sample: _cells, ...rest }) => rest),
})

// Phase semantic_interpretation: what columns mean and how tables refer to each other, as ranked evidence.

import * as z from 'zod'

import type { StepContext } from '@biplane/realm'
import { openScratch, type Profile } from '@biplane/tables'

import { candidates, type Candidate } from './candidate.ts'
import { measureOf, measureSql } from './measure-sql.ts'
import { readProfile } from './read-profile.ts'
import { ACCEPT_SCORE, Relation, score, type Measure } from './relation.ts'
import { runSql } from './run-sql.ts'
import type { Group, Source } from './source.ts'

/** Pairs of columns that are measured. */
const CANDIDATES_MAX = 300
/** Relations that are reported. */
const RELATIONS_MAX = 50
/** Relations in the event. */
const RELATIONS_IN_SHORT_MAX = 10
/** Exact comparison is given up for one without case if it finds less than this and that finds more. */
const EXACT_ENOUGH = 0.8
const LABELS_MAX = 400

const Label = z.object({ table: z.string(), column: z.string(), meaning: z.string(), score: z.number() })

export const Interpretation = z.object({
  /** What each column most likely means. */
  labels: z.array(Label),
  /** Likeliest first. */
  relations: z.array(Relation),
})
export type Interpretation = z.infer<typeof Interpretation>

export async function interpret(
  step: StepContext,
  sources: readonly Source[],
  groups: readonly Group[],
): Promise<Interpretation> {
  const profiles = new Map<string, Profile>()
  for (const { table, content } of sources) profiles.set(table, await readProfile(step, content))
  const relations = await relate(step, sources, groups, candidates(groups, profiles, CANDIDATES_MAX))
  return { labels: labelsOf(profiles), relations: relations.slice(0, RELATIONS_MAX) }
}

function labelsOf(profiles: ReadonlyMap<string, Profile>): Interpretation['labels'] {
  const labels = [...profiles].flatMap(([table, { columns }]) =>
    columns.flatMap(({ name, meanings: [likeliest] }) =>
      likeliest === undefined ? [] : [{ table, column: name, meaning: likeliest.meaning, score: likeliest.score }],
    ),
  )
  return labels.sort((a, b) => b.score - a.score).slice(0, LABELS_MAX)
}

async function relate(
  step: StepContext,
  sources: readonly Source[],
  groups: readonly Group[],
  pairs: readonly Candidate[],
): Promise<Relation[]> {
  const exact = await measure(step, sources, groups, pairs, false)
  const loose = pairs.filter((pair) => isWorthFolding(pair, exact.get(pair)!))
  const folded = await measure(step, sources, groups, loose, true)
  const relations = pairs.flatMap((pair) => {
    const backwards = pairs.find((other) => isReverse(pair, other))
    const back = backwards === undefined ? null : exact.get(backwards)!
    const found = score(pair, exact.get(pair)!, back, false)
    const other = folded.has(pair) ? score(pair, folded.get(pair)!, back, true) : null
    return best(found, other) ?? []
  })
  return relations.sort((a, b) => b.score - a.score)
}

const isReverse = (a: Candidate, b: Candidate): boolean =>
  a.left === b.right && a.right === b.left && a.leftColumn === b.rightColumn && a.rightColumn === b.leftColumn

const isWorthFolding = ({ leftColumn, rightColumn }: Candidate, { matched, leftDistinct }: Measure): boolean =>
  leftColumn.type === 'text' && rightColumn.type === 'text' && matched < leftDistinct * EXACT_ENOUGH

const best = (a: Relation | null, b: Relation | null): Relation | null =>
  a === null ? b : b === null || b.score <= a.score ? a : b

async function measure(
  step: StepContext,
  sources: readonly Source[],
  groups: readonly Group[],
  pairs: readonly Candidate[],
  ignoreCase: boolean,
): Promise<Map<Candidate, Measure>> {
  if (pairs.length === 0) return new Map()
  await using scratch = await openScratch()
  const queries = pairs.map((pair, i) => ({ name: `pair ${i + 1}`, sql: measureSql(pair, ignoreCase) }))
  const ran = await runSql(step, scratch, { sources, groups, says: 'Comparing columns', queries })
  return new Map(pairs.map((pair, i) => [pair, measureOf(ran[`pair ${i + 1}`]!.rows[0]!)]))
}

/** What of it goes into an event. */
export const relationsInShort = ({ relations }: Interpretation) =>
  relations
    .filter(({ score: points }) => points >= ACCEPT_SCORE / 2)
    .slice(0, RELATIONS_IN_SHORT_MAX)
    .map(({ left, left_column, right, right_column, score: points, evidence }) => ({
      from: `${left}.${left_column}`,
      to: `${right}.${right_column}`,
      score: points,
      evidence,
    }))

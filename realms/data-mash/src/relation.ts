// A column that refers to another table's key. Candidates are measured in DuckDB and scored, with the reasons in words. A high score is evidence, not proof: every candidate is shown with what speaks for and against it.

import * as z from 'zod'

import { UNIQUENESS_MIN, type Candidate } from './candidate.ts'

/** What DuckDB counted for a candidate. Rows with no key are left out. */
export interface Measure {
  leftRows: number
  leftDistinct: number
  /** Different values of the left that the right has. */
  matched: number
  matchedRows: number
  rightRows: number
  rightDistinct: number
  /** Values of the right that several of its rows have. */
  repeatedKeys: number
  /** Rows that a plain join would give for the left rows that match. */
  joinedRows: number
  /** Of numbers: how full the range of the right's values is, 0 to 1. 1, 2, 3 … is full, so anything small falls into it. */
  density: number
}

export const Relation = z.object({
  left: z.string(),
  left_column: z.string(),
  right: z.string(),
  right_column: z.string(),
  /** Compared without regard to case. */
  ignore_case: z.boolean(),
  score: z.number(),
  /** Share of the left's different values that the right has. */
  containment: z.number(),
  /** Share of the right's rows whose value no other row repeats, roughly: different values by rows. */
  uniqueness: z.number(),
  name_likeness: z.number(),
  evidence: z.string(),
  /** Rows of the left that have a value, that find it on the right, and that a plain join would make of those. */
  left_rows: z.int(),
  matched_rows: z.int(),
  joined_rows: z.int(),
  /** Values that several rows of the right have, and how many rows that are beyond the first of each. */
  repeated_keys: z.int(),
  repeated_rows: z.int(),
})
export type Relation = z.infer<typeof Relation>

/** From this score a relation is used without asking. */
export const ACCEPT_SCORE = 0.7
const CONTAINMENT_MIN = 0.3

/** Values alone are evidence if there are about so many different ones. */
const TELLING_VALUES = 20
const WEIGHTS = { containment: 0.45, uniqueness: 0.2, name: 0.35 }
/** What values without a name come to at most. */
const VALUES_WEIGHT = 0.85
/** Measurements match by chance. */
const MEASUREMENT_PENALTY = 0.3
const MUTUAL_MIN = 0.9

/** `back`: the same pair measured the other way round. */
export function score(
  candidate: Candidate,
  measure: Measure,
  back: Measure | null,
  ignoreCase: boolean,
): Relation | null {
  const { left, leftColumn, right, rightColumn } = candidate
  if (measure.leftDistinct === 0 || measure.rightRows === 0) return null
  const containment = measure.matched / measure.leftDistinct
  const uniqueness = measure.rightDistinct / measure.rightRows
  if (containment < CONTAINMENT_MIN || uniqueness < UNIQUENESS_MIN) return null
  const mutual = containment >= MUTUAL_MIN && back !== null && back.matched >= back.leftDistinct * MUTUAL_MIN
  const name = candidate.bare ? Math.max(candidate.name, mutual ? MUTUAL_MIN : 0.2) : candidate.name
  // Small numbers fall into a full range whatever they mean, so without a name their containment says nothing.
  const telling = containment * (1 - measure.density * (1 - name))
  const named = WEIGHTS.containment * telling + WEIGHTS.uniqueness * uniqueness + WEIGHTS.name * name
  const spread = Math.min(1, measure.leftDistinct / TELLING_VALUES)
  const byValues = VALUES_WEIGHT * containment * uniqueness * spread * (1 - measure.density)
  const measured = rightColumn.type === 'decimal' || leftColumn.type === 'decimal'
  return {
    left: left.table,
    left_column: leftColumn.name,
    right: right.table,
    right_column: rightColumn.name,
    ignore_case: ignoreCase,
    score: round(Math.max(named, byValues) * (measured ? MEASUREMENT_PENALTY : 1)),
    containment: round(containment),
    uniqueness: round(uniqueness),
    name_likeness: round(name),
    evidence: inWords(candidate, measure, name),
    left_rows: measure.leftRows,
    matched_rows: measure.matchedRows,
    joined_rows: measure.joinedRows,
    repeated_keys: measure.repeatedKeys,
    repeated_rows: measure.rightRows - measure.rightDistinct,
  }
}

function inWords({ right, rightColumn }: Candidate, measure: Measure, name: number): string {
  const { leftDistinct, matched, rightRows, rightDistinct, density } = measure
  const parts = [`${matched} of ${leftDistinct} different values are in ${right.table}.${rightColumn.name}`]
  const repeated = rightRows - rightDistinct
  parts.push(repeated === 0 ? 'where no value repeats' : `where ${repeated} of ${rightRows} rows repeat a value`)
  parts.push(name >= 0.8 ? 'the names agree' : name >= 0.4 ? 'the names are alike' : 'the names do not say so')
  if (density > 0.5) parts.push('small numbers match by chance')
  return `${parts.join('; ')}.`
}

const round = (value: number): number => Math.round(value * 1000) / 1000

// Phase semantic_mapping: the one table that is proposed, and what a person should know of how it comes about.

import * as z from 'zod'

import { Warning } from '@biplane/tables'

import type { Interpretation } from './interpret.ts'
import { chooseModel, type Model } from './model.ts'
import type { Duplicates } from './product-sql.ts'
import { Relation } from './relation.ts'
import type { Group } from './source.ts'

export const Mapping = z.object({
  trees: z.array(z.object({ base: z.string(), joins: z.array(Relation) })),
  unused: z.array(Relation),
  /** Contents that are taken as one table because they have the same columns. */
  unions: z.array(z.object({ table: z.string(), contents: z.array(z.string()) })),
  warnings: z.array(Warning),
})
export type Mapping = z.infer<typeof Mapping>

export function mapTables(groups: readonly Group[], { relations }: Interpretation, duplicates: Duplicates): Mapping {
  const model = chooseModel(groups, relations)
  const unions = groups
    .filter(({ members }) => members.length > 1)
    .map(({ table, members }) => ({ table, contents: members.map(({ content }) => content.name) }))
  return { ...model, unions, warnings: warningsOf(model, groups, duplicates) }
}

function warningsOf(model: Model, groups: readonly Group[], duplicates: Duplicates): Warning[] {
  const warnings: Warning[] = []
  const joins = [...new Set(model.trees.flatMap((tree) => tree.joins))]
  for (const join of joins) warnings.push(...fanOut(join, duplicates), ...unmatched(join, groups), ...folded(join))
  if (model.trees.length > 1) {
    const bases = model.trees.map(({ base }) => base).join(', ')
    const message = `Nothing joins ${bases} to one another, so their rows stand under one another; _source says which is which.`
    warnings.push({ code: 'no_relation', message })
  }
  return warnings
}

function fanOut(
  { left, right, right_column, matched_rows, joined_rows, repeated_keys, repeated_rows }: Relation,
  duplicates: Duplicates,
): Warning[] {
  if (repeated_keys === 0) return []
  const values = repeated_keys === 1 ? '1 value' : `${repeated_keys} values`
  const cause = `${values} of ${right}.${right_column} occur${repeated_keys === 1 ? 's' : ''} more than once. Joined as they are, ${matched_rows} rows of ${left} would become ${joined_rows}.`
  const effect =
    duplicates === 'multiply'
      ? 'They were joined as they are, as you asked.'
      : `The first row of each is joined; ${repeated_rows} ${repeated_rows === 1 ? 'row is' : 'rows are'} set aside and listed.`
  return [{ code: 'fan_out', message: `${cause} ${effect}` }]
}

function unmatched(
  { left, left_column, right, right_column, left_rows, matched_rows }: Relation,
  groups: readonly Group[],
): Warning[] {
  const rows = groups.find(({ table }) => table === left)!.rows
  const lost = left_rows - matched_rows
  const without = rows - left_rows
  if (lost + without === 0) return []
  const parts = [
    ...(lost > 0 ? [`${lost} ${have(lost)} a ${left_column} that ${right}.${right_column} does not have`] : []),
    ...(without > 0 ? [`${without} ${have(without)} none`] : []),
  ]
  return [
    {
      code: 'unmatched',
      message: `Of ${rows} rows of ${left}, ${parts.join(' and ')}. They stay, with nothing from ${right}.`,
    },
  ]
}

const have = (count: number): string => (count === 1 ? 'has' : 'have')

const folded = ({ left, left_column, right, right_column, ignore_case }: Relation): Warning[] =>
  ignore_case
    ? [
        {
          code: 'case_ignored',
          message: `${left}.${left_column} and ${right}.${right_column} were compared without regard to case.`,
        },
      ]
    : []

/** What of it goes into an event. */
export const mappingInShort = ({ trees, unions, warnings }: Mapping) => ({
  bases: trees.map(({ base }) => base),
  joins: trees.flatMap(({ joins }) =>
    joins.map((join) => `${join.left}.${join.left_column} = ${join.right}.${join.right_column}`),
  ),
  unions,
  warnings,
})

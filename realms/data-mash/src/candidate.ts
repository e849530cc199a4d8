// Pairs of columns that may refer to one another, by names, types and what profiles say. Only these are measured, since each
// measurement reads two columns of all rows.

import type { Profile } from '@biplane/tables'

import { columnWords, likeness, type ColumnWords } from './names.ts'
import type { Group, GroupColumn } from './source.ts'

export interface Candidate {
  left: Group
  leftColumn: GroupColumn
  right: Group
  rightColumn: GroupColumn
  /** How alike the names are, 0 to 1. */
  name: number
  /** Both are called by the same word for "identifier" and nothing else: then only the values can tell. */
  bare: boolean
}

/** A right side that repeats its values more than this is no key. */
export const UNIQUENESS_MIN = 0.5
/** Without alike names the values must tell, and then the right side must be a better key. */
const UNIQUENESS_UNNAMED_MIN = 0.9
const ALIKE_MIN = 0.4
/** A number and a text are compared only if their names ask for it: one file may have lost its leading zeros. */
const ALIKE_ACROSS_TYPES_MIN = 0.8
/** Columns of a table that are looked at, identifiers first: pairs grow with the square. */
const COLUMNS_MAX = 60

const KEY_TYPES: readonly string[] = ['text', 'integer', 'decimal', 'date', 'timestamp']

interface Looked extends GroupColumn {
  words: ColumnWords
  /** At most this share of the rows with a value have one that no other has. */
  uniqueness: number
}

/** The most promising first, at most `limit`. Profiles are by name of a source's table. */
export function candidates(
  groups: readonly Group[],
  profiles: ReadonlyMap<string, Profile>,
  limit: number,
): Candidate[] {
  const looked = new Map(groups.map((group) => [group, look(group, profiles)]))
  const found: Candidate[] = []
  for (const left of groups) {
    for (const right of groups) if (left !== right) found.push(...pairs(left, right, looked))
  }
  return found.sort((a, b) => promise(b) - promise(a)).slice(0, limit)
}

function look(group: Group, profiles: ReadonlyMap<string, Profile>): Looked[] {
  return group.columns
    .filter(({ type }) => KEY_TYPES.includes(type))
    .map((column) => ({
      ...column,
      words: columnWords(column.label || column.name, group.table),
      uniqueness: uniquenessOf(group, column, profiles),
    }))
    .sort((a, b) => Number(b.words.isId) - Number(a.words.isId) || b.uniqueness - a.uniqueness)
    .slice(0, COLUMNS_MAX)
}

/** Sources under one another may repeat each other's values, so for a group this is what it can be at most. */
function uniquenessOf({ members }: Group, { name }: GroupColumn, profiles: ReadonlyMap<string, Profile>): number {
  let values = 0
  let distinct = 0
  for (const { table } of members) {
    const column = profiles.get(table)?.columns.find((one) => one.name.toLowerCase() === name.toLowerCase())
    values += column?.values ?? 0
    distinct += column?.distinct ?? 0
  }
  return values === 0 ? 0 : distinct / values
}

function pairs(left: Group, right: Group, looked: ReadonlyMap<Group, readonly Looked[]>): Candidate[] {
  return looked.get(right)!.flatMap((b) => {
    if (b.uniqueness < UNIQUENESS_MIN) return []
    return looked.get(left)!.flatMap((a) => {
      const name = likeness(a.words.about, b.words.about) * (a.words.isId === b.words.isId ? 1 : 0.9)
      if (!areComparable(a, b, name)) return []
      const bare = a.words.isBare && b.words.isBare && a.name.toLowerCase() === b.name.toLowerCase()
      return { left, leftColumn: a, right, rightColumn: b, name, bare }
    })
  })
}

function areComparable(a: Looked, b: Looked, name: number): boolean {
  if (name < ALIKE_MIN && b.uniqueness < UNIQUENESS_UNNAMED_MIN) return false
  if (a.type === b.type) return true
  return name >= ALIKE_ACROSS_TYPES_MIN && [a.type, b.type].every((type) => type === 'text' || type === 'integer')
}

const promise = ({ name, bare, rightColumn }: Candidate): number =>
  name + (bare ? 0.5 : 0) + (rightColumn.type === 'text' ? 0.2 : 0)

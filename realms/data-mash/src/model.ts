// From relations to one table. Each table that no other refers to is a base: all of its rows are in the product. What
// a base refers to is joined to it, and what that refers to in turn. Several bases stand under one another.

import { ACCEPT_SCORE, type Relation } from './relation.ts'
import type { Group } from './source.ts'

export interface Tree {
  base: string
  /** In the order in which they are joined: the left of each is the base or was joined before. */
  joins: Relation[]
}

export interface Model {
  trees: Tree[]
  /** Relations that would have been accepted, had not a better one been there for the same tables. */
  unused: Relation[]
}

export function chooseModel(groups: readonly Group[], relations: readonly Relation[]): Model {
  const rows = new Map(groups.map(({ table, rows: count }) => [table, count]))
  const accepted = relations
    .filter((relation) => relation.score >= ACCEPT_SCORE)
    .sort((a, b) => b.score - a.score || rows.get(b.left)! - rows.get(a.left)!)
  const edges: Relation[] = []
  for (const relation of accepted) {
    const known = edges.some(({ left, right }) => left === relation.left && right === relation.right)
    if (!known && !reaches(edges, relation.right, relation.left)) edges.push(relation)
  }
  const referred = new Set(edges.map(({ right }) => right))
  const bases = groups.filter(({ table }) => !referred.has(table))
  const trees = bases.map(({ table }) => ({ base: table, joins: joinsFrom(table, edges) }))
  const used = new Set(trees.flatMap(({ joins }) => joins))
  return { trees, unused: accepted.filter((relation) => !used.has(relation)) }
}

function reaches(edges: readonly Relation[], from: string, to: string): boolean {
  return from === to || edges.some(({ left, right }) => left === from && reaches(edges, right, to))
}

/** Nearest first, and each table once: by the relation with the best score among those that are equally near. */
function joinsFrom(base: string, edges: readonly Relation[]): Relation[] {
  const joined = new Set([base])
  const joins: Relation[] = []
  let frontier = [base]
  while (frontier.length > 0) {
    const reached: string[] = []
    for (const edge of edges) {
      if (!frontier.includes(edge.left) || joined.has(edge.right)) continue
      joined.add(edge.right)
      joins.push(edge)
      reached.push(edge.right)
    }
    frontier = reached
  }
  return joins
}

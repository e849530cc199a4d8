// Phase registered: writes the product, what is left aside, the contract and the quality report, and checks that every row is
// accounted for before anybody is told of them.

import { createReadStream } from 'node:fs'

import type { ArtifactRef } from '@biplane/protocol'
import type { StepContext } from '@biplane/realm'
import { PARQUET, ident, openScratch } from '@biplane/tables'

import { account, basesOf, type Accounting, type Counts } from './accounting.ts'
import { contractOf } from './contract.ts'
import { ROW, SOURCE } from './group-sql.ts'
import { layOut, lineageOf, type ProductLayout } from './product-columns.ts'
import { asideSql, productSql } from './product-sql.ts'
import type { Plan } from './plan.ts'
import { runSql } from './run-sql.ts'

export interface Built {
  accounting: Accounting
  columns: { name: string; type: string; sql_type: string }[]
  /** Columns that say which record a row comes from. */
  lineage: string[]
  artifacts: { product: ArtifactRef; contract: ArtifactRef; quality: ArtifactRef; aside: ArtifactRef }
}

const PRODUCT = 'product.parquet'
const ASIDE = 'aside.parquet'

export async function buildProduct(step: StepContext, plan: Plan): Promise<Built> {
  const { sources, groups, mapping, duplicates } = plan
  const byTable = new Map(groups.map((group) => [group.table, group]))
  const layout = layOut(mapping, byTable)
  await using scratch = await openScratch()
  const sql = productSql(mapping, layout, byTable, duplicates)
  const join = { says: 'Joining', queries: [{ name: 'product', sql, to: PRODUCT }] }
  const made = await runSql(step, scratch, { sources, groups, ...join })
  const files = { product: scratch.file(PRODUCT) }
  const queries = [
    { name: 'aside', sql: asideSql(mapping, byTable, duplicates), to: ASIDE },
    { name: 'used', sql: usedSql(layout) },
  ]
  const says = 'Accounting for every row'
  const counted = await runSql(step, scratch, { sources, groups, files, says, queries })
  const asideRows = await runSql(step, scratch, {
    sources: [],
    files: { aside: scratch.file(ASIDE) },
    says,
    queries: [{ name: 'reasons', sql: 'SELECT content, reason, count(*) AS n FROM aside GROUP BY ALL' }],
  })
  const counts: Counts = {
    productRows: made['product']!.written,
    used: new Map(counted['used']!.rows.map(({ source, n }) => [String(source), Number(n)])),
    aside: asideCounts(asideRows['reasons']!.rows),
  }
  const bases = basesOf(mapping, (table) => byTable.get(table)!.members)
  const accounting = account(sources, bases, counts, duplicates)
  const keepFile = (name: string): Promise<ArtifactRef> =>
    step.artifacts.put(createReadStream(scratch.file(name)), { name, media_type: PARQUET })
  const keepJson = (name: string, value: unknown): Promise<ArtifactRef> =>
    step.artifacts.put(Buffer.from(JSON.stringify(value)), { name, media_type: 'application/json' })
  return {
    accounting,
    columns: layout.columns.map(({ name, type, sqlType }) => ({ name, type, sql_type: sqlType })),
    lineage: layout.lineage,
    artifacts: {
      product: await keepFile(PRODUCT),
      aside: await keepFile(ASIDE),
      contract: await keepJson('contract.json', contractOf(plan, layout, accounting)),
      quality: await keepJson('quality.json', plan.quality),
    },
  }
}

/** For each source, how many of its rows the product names, as base or joined. */
function usedSql({ lineage }: ProductLayout): string {
  const pairs: (readonly [string, string])[] = [[SOURCE, ROW]]
  for (const name of lineage) if (name.startsWith(`${ROW}_`)) pairs.push(lineageOf(name.slice(ROW.length + 1)))
  const all = pairs.map(([source, row]) => `SELECT ${ident(source)} AS source, ${ident(row)} AS record FROM product`)
  return `SELECT source, count(DISTINCT record) AS n FROM (${all.join(' UNION ALL ')}) WHERE source IS NOT NULL GROUP BY source`
}

function asideCounts(rows: readonly Record<string, unknown>[]): Counts['aside'] {
  const counts = new Map<string, { duplicate_key: number; not_referred_to: number }>()
  for (const { content, reason, n } of rows) {
    const found = counts.get(String(content)) ?? { duplicate_key: 0, not_referred_to: 0 }
    counts.set(String(content), { ...found, [String(reason)]: Number(n) })
  }
  return counts
}

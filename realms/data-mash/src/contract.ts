// The contract of a product: what it promises to those who read it, and where each column and row comes from.

import type { Accounting } from './accounting.ts'
import { ROW, SOURCE } from './group-sql.ts'
import type { ProductLayout } from './product-columns.ts'
import type { Plan } from './plan.ts'

export function contractOf(
  { product_id, name, sources, groups, mapping, interpretation }: Plan,
  layout: ProductLayout,
  accounting: Accounting,
) {
  const contentsOf = (table: string) => groups.find((group) => group.table === table)!.members
  const meaningOf = (table: string, column: string) =>
    interpretation.labels.find((label) => label.table === table && label.column === column)?.meaning
  return {
    contract_version: 1,
    product_id,
    name,
    rows: accounting.product_rows,
    columns: layout.columns.map(({ name: column, label, type, sqlType, from }) => ({
      name: column,
      label,
      type,
      sql_type: sqlType,
      meaning: from.map((one) => meaningOf(one.table, one.column)).find((meaning) => meaning !== undefined) ?? null,
      lineage: from.flatMap(({ table, column: source }) =>
        contentsOf(table).map(({ content }) => ({
          content_id: content.content_id,
          content: content.name,
          column: source,
        })),
      ),
    })),
    /** For each row: the source and record it is, and those that were joined to it. */
    row_lineage: { source: SOURCE, record: ROW, columns: layout.lineage },
    sources: sources.map(({ table, content }) => ({
      table,
      content_id: content.content_id,
      content: content.name,
      source: content.artifacts.source,
      typed: content.artifacts.typed,
    })),
    unions: mapping.unions,
    joins: mapping.trees,
    /** Relations that were likely enough and not used, since a likelier one joins the same tables. */
    alternatives: mapping.unused,
    /** What a person should know of how it came about. */
    warnings: mapping.warnings,
    accounting,
  }
}

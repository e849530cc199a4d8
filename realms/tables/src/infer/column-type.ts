// Types of columns, as people and contracts see them.

import * as z from 'zod'

const COLUMN_TYPES = ['text', 'boolean', 'integer', 'decimal', 'double', 'date', 'timestamp', 'time'] as const
export const ColumnType = z.enum(COLUMN_TYPES)
export type ColumnType = z.infer<typeof ColumnType>

export type DecimalSign = '.' | ','

export const TypedColumn = z.object({
  /** What it is called in the table and in SQL. */
  name: z.string(),
  /** What the file calls it; '' if it does not. */
  label: z.string(),
  type: ColumnType,
  /** DuckDB's name of the type, such as DECIMAL(10,2). */
  sql_type: z.string(),
  /** How the file writes values of this type, where there are several ways: `D.M.Y`, `1.234,5`. */
  format: z.string().optional(),
  /** Cells with nothing in them. */
  nulls: z.int().nonnegative(),
  /** Cells that are not of the type: null in the table, and listed. */
  rejected: z.int().nonnegative(),
})
export type TypedColumn = z.infer<typeof TypedColumn>

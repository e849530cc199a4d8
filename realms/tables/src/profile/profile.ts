// What a profile says of a table.

import * as z from 'zod'

import { ColumnType } from '../infer/column-type.ts'

/** JSON-safe: a number where it is exact, else text. */
const Value = z.union([z.string(), z.number(), z.boolean()])

/** What a column may mean, for a person to agree with or not. */
export const Meaning = z.object({
  meaning: z.string(),
  /** 0 to 1. */
  score: z.number(),
  evidence: z.string(),
  /** Values that speak against it. */
  counter_examples: z.array(z.string()),
})
export type Meaning = z.infer<typeof Meaning>

export const ColumnProfile = z.object({
  name: z.string(),
  type: ColumnType,
  /** Cells with a value. */
  values: z.int(),
  nulls: z.int(),
  distinct: z.int(),
  min: Value.nullable(),
  max: Value.nullable(),
  /** Of numbers. */
  mean: z.number().nullable(),
  /** The most frequent values, most frequent first. */
  top: z.array(z.object({ value: Value, count: z.int() })),
  /** Of numbers and moments: at most 20 ranges of equal width, each with its lower bound in and its upper bound out, but for the last. */
  histogram: z.array(z.object({ from: Value, to: Value, count: z.int() })),
  meanings: z.array(Meaning),
})
export type ColumnProfile = z.infer<typeof ColumnProfile>

export const Profile = z.object({ rows: z.int(), columns: z.array(ColumnProfile) })
export type Profile = z.infer<typeof Profile>

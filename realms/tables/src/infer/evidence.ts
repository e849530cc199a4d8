// What a sample of a column's cells looks like, counted.

import { cellShape, looksCompactDate } from './cell-shape.ts'
import { isNullWord } from './null-words.ts'
import type { NumberShape } from './number-shape.ts'

export interface Evidence {
  /** Cells that say something. */
  cells: number
  booleans: number
  booleanWords: Set<string>
  numbers: number
  shapes: Partial<Record<NumberShape, number>>
  decorated: number
  compactDates: number
  dates: Map<string, number>
  timestamps: Map<string, number>
  /** Timestamps, and dates, which are timestamps without a time. */
  times: number
}

export function gatherEvidence(cells: Iterable<string | null>): Evidence {
  const evidence: Evidence = {
    cells: 0,
    booleans: 0,
    booleanWords: new Set(),
    numbers: 0,
    shapes: {},
    decorated: 0,
    compactDates: 0,
    dates: new Map(),
    timestamps: new Map(),
    times: 0,
  }
  for (const cell of cells) {
    const text = cell?.trim() ?? ''
    if (!isNullWord(text)) add(evidence, text)
  }
  return evidence
}

function add(evidence: Evidence, text: string): void {
  evidence.cells++
  const shape = cellShape(text)
  switch (shape.kind) {
    case 'boolean':
      evidence.booleans++
      evidence.booleanWords.add(shape.word)
      break
    case 'number':
      evidence.numbers++
      evidence.shapes[shape.shape] = (evidence.shapes[shape.shape] ?? 0) + 1
      if (shape.decorated) evidence.decorated++
      if (looksCompactDate(text)) evidence.compactDates++
      break
    case 'date':
      for (const format of shape.formats) count(evidence.dates, format)
      break
    case 'timestamp':
      for (const format of shape.formats) count(evidence.timestamps, format)
      break
    case 'time':
      evidence.times++
      break
    case 'code':
    case 'text':
      break
    default:
      shape satisfies never
  }
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/** How many numbers prove that the decimal sign is a point, and how many that it is a comma. */
export const decimalProof = ({ shapes }: Evidence): { point: number; comma: number } => ({
  point: (shapes.point ?? 0) + (shapes.comma_groups ?? 0),
  comma: (shapes.comma ?? 0) + (shapes.point_groups ?? 0),
})

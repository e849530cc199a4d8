// What the phases before it hand to the last one.

import type { Interpretation } from './interpret.ts'
import type { Mapping } from './mapping.ts'
import type { Duplicates } from './product-sql.ts'
import type { Quality } from './quality.ts'
import type { Group, Source } from './source.ts'

export interface Plan {
  product_id: string
  name: string
  sources: readonly Source[]
  groups: readonly Group[]
  mapping: Mapping
  interpretation: Interpretation
  quality: Quality
  duplicates: Duplicates
}

// Labels come from realms, and each new value is one more series for ever: their number is bounded.

/** Different pairs of intent and step that are told apart. */
const LABELS_MAX = 2_000

export const OTHER = 'other'

/** Gives a label back as it is, or `other` when too many different ones have been seen. */
export function boundedLabels(): (label: string) => string {
  const known = new Set<string>()
  return (label) => {
    if (known.has(label)) return label
    if (known.size >= LABELS_MAX) return OTHER
    known.add(label)
    return label
  }
}

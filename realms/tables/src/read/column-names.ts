// Names of columns: what the header says, as names that SQL takes without quotes where that is possible, and unique.

/** Characters of a label that are kept. */
const LABEL_CHARS_MAX = 80
const NAME_CHARS_MAX = 63

export interface ColumnName {
  /** Letters, digits and underscores; unique whatever the case; never begins with an underscore and a letter. */
  name: string
  /** What the header says; '' if it says nothing. */
  label: string
}

export function nameColumns(labels: readonly string[]): ColumnName[] {
  const taken = new Set<string>()
  return labels.map((raw, index) => {
    const label = raw
      .replaceAll(/[\s\p{C}]+/gu, ' ')
      .trim()
      .slice(0, LABEL_CHARS_MAX)
      .toWellFormed()
    return { name: unique(cleanName(label) || `column_${index + 1}`, taken), label }
  })
}

/** `Order Date (UTC)` → `Order_Date_UTC`, `1990` → `_1990`, `€` → ''. */
export function cleanName(label: string): string {
  const words = label
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
  const name = [...words].slice(0, NAME_CHARS_MAX).join('')
  return /^\p{N}/u.test(name) ? `_${name}` : name
}

/** `name`, or the first of `name_2`, `name_3` … that is free; takes it. */
export function unique(name: string, taken: Set<string>): string {
  let candidate = name
  for (let n = 2; taken.has(candidate.toLowerCase()); n++) candidate = `${name}_${n}`
  taken.add(candidate.toLowerCase())
  return candidate
}

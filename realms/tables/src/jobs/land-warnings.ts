// What a person should know of how a file was read.

import { REJECT_REASONS, type RejectReason } from '../read/rejected-row.ts'
import type { Tally } from '../read/intermediate.ts'
import type { Warning } from '../content.ts'

/** If more than this share of a file is rejected, it was probably read in the wrong way. */
const REJECTED_SHARE_MAX = 0.5

/** `quotesAreText`: quotes stand in the file, and reading found that they quote nothing. */
export function landingWarnings(
  { in: count, rejected, reasons, utf8, windows1252 }: Tally,
  quotesAreText: boolean,
): Warning[] {
  const warnings: Warning[] = []
  if (count === 0) warnings.push({ code: 'no_rows', message: 'The file has a header and no rows.' })
  if (quotesAreText) {
    const message =
      'Quotes were taken as characters of the text, because as quotes they do not pair. Upload with quote "double" to read them as quotes.'
    warnings.push({ code: 'quotes_are_text', message })
  }
  if (utf8 > 0 && windows1252 > 0) {
    const message = `Of the records beyond plain ASCII, ${utf8} are in UTF-8 and ${windows1252} in Windows-1252. Each was read in its own encoding.`
    warnings.push({ code: 'mixed_encodings', message })
  }
  if (rejected > 0) {
    const all = Object.entries(reasons) as [RejectReason, number][]
    const said = all.sort((a, b) => b[1] - a[1]).map(([reason, n]) => `${n} × ${REJECT_REASONS[reason]}`)
    warnings.push({ code: 'rows_rejected', message: `${rejected} of ${count} rows are rejected: ${said.join(' ')}` })
  }
  if (rejected > count * REJECTED_SHARE_MAX) {
    const message =
      'Most rows are rejected. If the delimiter, the quotes or the header were taken wrongly, upload the file again and name them.'
    warnings.push({ code: 'mostly_rejected', message })
  }
  return warnings
}

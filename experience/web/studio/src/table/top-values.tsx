// The values that a column has most often, and how much of it they are.

import type { ColumnProfile } from '../data/content.ts'
import { count, percent, valueInWords } from '../data/words.ts'

const SHOWN_MAX = 6

export function TopValues({ name, top, values, distinct }: ColumnProfile) {
  const shown = top.slice(0, SHOWN_MAX)
  const most = shown[0]?.count ?? 0
  if (most === 0) return null
  const rest = values - shown.reduce((sum, one) => sum + one.count, 0)
  return (
    <ol className="top" aria-label={`Most frequent values of ${name}`}>
      {shown.map(({ value, count: many }) => {
        const text = valueInWords(value)
        return (
          <li key={String(value)} title={`${text}: ${count(many)} of ${count(values)} (${percent(many / values)})`}>
            {most > 1 && <span className="top-bar" style={{ width: `${(many / most) * 100}%` }} />}
            <span className="top-value">{text}</span>
            {most > 1 && <span className="top-count">{count(many)}</span>}
          </li>
        )
      })}
      {rest > 0 && (
        <li className="top-rest">
          <span className="top-value">and {count(distinct - shown.length)} others</span>
          {most > 1 && <span className="top-count">{count(rest)}</span>}
        </li>
      )}
    </ol>
  )
}

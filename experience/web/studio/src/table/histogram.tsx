// How the values of a column are spread.

import { useMemo } from 'react'

import { Bars } from '../chart/bars.tsx'
import type { ColumnProfile } from '../data/content.ts'
import { plural, valueInWords } from '../data/words.ts'

export function Histogram({ name, histogram }: Pick<ColumnProfile, 'name' | 'histogram'>) {
  const bars = useMemo(
    () =>
      histogram.map(({ from, to, count }) => {
        const label = `${valueInWords(from)} to ${valueInWords(to)}`
        return { label, value: count, words: `${label}: ${plural(count, 'row')}` }
      }),
    [histogram],
  )
  const [first, last] = [histogram[0], histogram.at(-1)]
  if (first === undefined || last === undefined) return null
  return (
    <div className="profile-chart">
      <Bars bars={bars} label={`Histogram of ${name}. ${bars.map(({ words }) => words).join('; ')}`} />
      <div className="profile-ends" aria-hidden>
        <span>{valueInWords(first.from)}</span>
        <span>{valueInWords(last.to)}</span>
      </div>
    </div>
  )
}

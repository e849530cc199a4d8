// What came in, and what became of it, as sums that anybody can check.

import type { ReactNode } from 'react'

import type { Accounting } from '../data/product.ts'
import { count, listed } from '../data/words.ts'
import './sums.css'

export type Totals = Record<'in' | 'landed' | 'rejected' | 'used' | 'aside' | 'unreferred', number>

export function totalsOf(contents: Accounting['contents']): Totals {
  const totals: Totals = { in: 0, landed: 0, rejected: 0, used: 0, aside: 0, unreferred: 0 }
  for (const { rows, used, duplicates_set_aside, not_referred_to } of contents) {
    totals.in += rows.in
    totals.landed += rows.landed
    totals.rejected += rows.rejected
    totals.used += used
    totals.aside += duplicates_set_aside
    totals.unreferred += not_referred_to
  }
  return totals
}

export function Sums({ accounting, totals }: { accounting: Accounting; totals: Totals }) {
  const { contents, base_rows, multiplied_rows, product_rows } = accounting
  const bases = contents.filter(({ role }) => role === 'base').map(({ name }) => name)
  return (
    <ul className="sums">
      <Sum
        whole={totals.in}
        what="rows came in"
        parts={[
          [totals.landed, 'landed'],
          [totals.rejected, 'rejected'],
        ]}
      />
      <Sum
        whole={totals.landed}
        what="rows landed"
        parts={[
          [totals.used, 'used'],
          [totals.aside, 'set aside, since they repeat a key'],
          [totals.unreferred, 'not referred to'],
        ]}
      />
      <Sum
        whole={product_rows}
        what="rows are in this table"
        parts={[
          [base_rows, <>of {listed(bases)}, each once</>],
          ...(multiplied_rows > 0 ? [[multiplied_rows, 'that joins added'] as const] : []),
        ]}
      />
    </ul>
  )
}

interface SumProps {
  whole: number
  what: string
  parts: readonly (readonly [number, ReactNode])[]
}

const Sum = ({ whole, what, parts }: SumProps) => (
  <li>
    <b>{count(whole)}</b> {what}
    {parts.map(([number, of], i) => (
      <span key={i === 0 ? 'first' : String(of)}>
        {i === 0 ? ' = ' : ' + '}
        <b>{count(number)}</b> {of}
      </span>
    ))}
  </li>
)

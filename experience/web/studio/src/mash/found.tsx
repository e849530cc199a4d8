// What the phases of a mash have found, as their events tell it (realms/README.md).

import './found.css'
import type { Warned } from '../data/content.ts'
import type { ContentQuality } from '../data/product.ts'
import { listed, percent, plural } from '../data/words.ts'

export const Gathered = ({ contents }: { contents: { content_id: string; rows: { landed: number } }[] }) => (
  <p className="phase-doing">
    {plural(contents.length, 'table')},{' '}
    {plural(
      contents.reduce((sum, { rows }) => sum + rows.landed, 0),
      'row',
    )}
  </p>
)

export const QualityFound = ({ score, contents }: { score: number; contents: ContentQuality[] }) => (
  <ul className="found">
    <li>
      <span className="score">{percent(score)}</span> all together
    </li>
    {contents.map((content) => (
      <li key={content.content_id}>
        <span className="score">{percent(content.score)}</span> <b>{content.name}</b>{' '}
        <span className="found-why">{flawsOf(content)}</span>
      </li>
    ))}
  </ul>
)

function flawsOf({ rows, rejected_cells, duplicate_rows, empty_cells, repeated_keys }: ContentQuality): string {
  const flaws = [
    ...(rows.rejected > 0 ? [`${plural(rows.rejected, 'row')} rejected`] : []),
    ...(rejected_cells > 0 ? [`${plural(rejected_cells, 'cell')} rejected`] : []),
    ...(duplicate_rows > 0 ? [plural(duplicate_rows, 'duplicate row')] : []),
    ...(empty_cells > 0 ? [plural(empty_cells, 'empty cell')] : []),
    ...repeated_keys.map(({ column, repeated }) => `${plural(repeated, 'value')} of ${column} occur more than once`),
  ]
  return flaws.length === 0 ? 'nothing to complain of' : listed(flaws)
}

interface Relation {
  from: string
  to: string
  score: number
  evidence: string
}

export const RelationsFound = ({ relations }: { relations: Relation[] }) =>
  relations.length === 0 ? (
    <p className="phase-doing">No column of one refers to another.</p>
  ) : (
    <ul className="found">
      {relations.map(({ from, to, score, evidence }) => (
        <li key={`${from} ${to}`}>
          <span className="score">{percent(score)}</span> <b>{from}</b> refers to <b>{to}</b>{' '}
          <span className="found-why">{evidence}</span>
        </li>
      ))}
    </ul>
  )

interface Mapping {
  bases: string[]
  joins: string[]
  unions: { table: string; contents: string[] }[]
  warnings: Warned[]
}

export const Proposed = ({ bases, joins, unions, warnings }: Mapping) => (
  <ul className="found">
    <li>
      Every row of <b>{listed(bases)}</b> is a row of the new table.
    </li>
    {unions.map(({ table, contents }) => (
      <li key={table}>
        {listed(contents)} have the same columns and stand under one another as <b>{table}</b>.
      </li>
    ))}
    {joins.map((join) => (
      <li key={join}>
        Joined where <span className="found-join">{join}</span>
      </li>
    ))}
    {warnings.map(({ code, message }) => (
      <li key={`${code} ${message}`} className="found-warning">
        {message}
      </li>
    ))}
  </ul>
)

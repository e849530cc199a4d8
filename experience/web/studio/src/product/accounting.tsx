// Every row that came in, and where it is now: numbers that add up.

import { Table, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import '../grid/grid.css'
import type { Warned } from '../data/content.ts'
import type { Accounting, Contract, Join } from '../data/product.ts'
import { count, percent, plural } from '../data/words.ts'
import { Sums, type Totals, totalsOf } from './sums.tsx'

export function AccountingOf({ contract }: { contract: Contract }) {
  const { accounting, warnings = [] } = contract
  const joins = contract.joins.flatMap((tree) => tree.joins)
  const totals = totalsOf(accounting.contents)
  return (
    <>
      <Text mb="xs">
        {accounting.reconciled
          ? 'Every record is accounted for.'
          : 'The numbers do not add up: tell whoever runs this.'}
      </Text>
      <Sums accounting={accounting} totals={totals} />
      <ByTable contents={accounting.contents} totals={totals} />
      {warnings.length > 0 && <Warnings warnings={warnings} />}
      {joins.length > 0 && <Heading>How they are joined</Heading>}
      {joins.map((join) => (
        <Joined key={`${join.left}.${join.left_column} ${join.right}`} join={join} />
      ))}
    </>
  )
}

const Heading = ({ children }: { children: string }) => (
  <Title order={2} size="h4" mt="lg" mb="xs">
    {children}
  </Title>
)

const Warnings = ({ warnings }: { warnings: readonly Warned[] }) => (
  <>
    <Heading>What to know</Heading>
    <ul className="warned">
      {warnings.map(({ code, message }) => (
        <li key={`${code} ${message}`}>{message}</li>
      ))}
    </ul>
  </>
)

const COLUMNS: readonly [keyof Totals, string][] = [
  ['in', 'Came in'],
  ['rejected', 'Rejected'],
  ['landed', 'Landed'],
  ['used', 'Used'],
  ['aside', 'Set aside'],
  ['unreferred', 'Not referred to'],
]

const ByTable = ({ contents, totals }: { contents: Accounting['contents']; totals: Totals }) => (
  <div className="grid-box accounts" role="region" aria-label="Accounting by table" tabIndex={0}>
    <Table>
      <Table.Thead>
        <Table.Tr>
          {['Table', ...COLUMNS.map(([, word]) => word)].map((word) => (
            <Table.Th key={word} scope="col">
              {word}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {contents.map((content) => (
          <Table.Tr key={content.content_id}>
            <Table.Th scope="row">
              <Link to="/tables/$contentId" params={{ contentId: content.content_id }}>
                {content.name}
              </Link>
            </Table.Th>
            <Numbers totals={totalsOf([content])} />
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row">All together</Table.Th>
          <Numbers totals={totals} />
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  </div>
)

const Numbers = ({ totals }: { totals: Totals }) =>
  COLUMNS.map(([name]) => <Table.Td key={name}>{count(totals[name])}</Table.Td>)

const Joined = ({ join }: { join: Join }) => (
  <Text size="sm" mb={4}>
    <b>
      {join.left}.{join.left_column} = {join.right}.{join.right_column}
    </b>
    : {count(join.matched_rows)} of {plural(join.left_rows, 'row')} find theirs (
    {percent(join.left_rows === 0 ? 1 : join.matched_rows / join.left_rows)}). {join.evidence}
  </Text>
)

// Every row that came in, and where it is now: numbers that add up.

import { Table, Text, Title } from '@mantine/core'

import '../grid/grid.css'
import type { Contract } from '../data/product.ts'
import { count, listed, percent, plural } from '../data/words.ts'

export function AccountingOf({ contract }: { contract: Contract }) {
  const { accounting, joins } = contract
  const bases = accounting.contents.filter(({ role }) => role === 'base').map(({ name }) => name)
  return (
    <>
      <Text mb="sm">
        {accounting.reconciled
          ? `${plural(accounting.base_rows, 'row')} of ${listed(bases)}${accounting.multiplied_rows > 0 ? ` and ${count(accounting.multiplied_rows)} that joins added` : ''} are the ${plural(accounting.product_rows, 'row')} of this one. Every record is accounted for.`
          : 'The numbers do not add up: tell whoever runs this.'}
      </Text>
      <div className="grid-box" role="region" aria-label="Accounting by table" tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {['Table', 'Came in', 'Rejected', 'Used', 'Set aside', 'Not referred to'].map((word) => (
                <Table.Th key={word}>{word}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accounting.contents.map(({ content_id, name, rows, used, duplicates_set_aside, not_referred_to }) => (
              <Table.Tr key={content_id}>
                <Table.Th scope="row">{name}</Table.Th>
                {[rows.in, rows.rejected, used, duplicates_set_aside, not_referred_to].map((value, i) => (
                  <Table.Td key={COLUMNS[i]}>{count(value)}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {joins.flatMap((tree) => tree.joins).length > 0 && (
        <Title order={2} size="h4" mt="lg" mb="xs">
          How they are joined
        </Title>
      )}
      {joins
        .flatMap((tree) => tree.joins)
        .map((join) => (
          <Text key={`${join.left}.${join.left_column} ${join.right}`} size="sm" mb={4}>
            <b>
              {join.left}.{join.left_column} = {join.right}.{join.right_column}
            </b>
            : {count(join.matched_rows)} of {plural(join.left_rows, 'row')} find theirs (
            {percent(join.left_rows === 0 ? 1 : join.matched_rows / join.left_rows)}). {join.evidence}
          </Text>
        ))}
    </>
  )
}

const COLUMNS = ['in', 'rejected', 'used', 'aside', 'unreferred']

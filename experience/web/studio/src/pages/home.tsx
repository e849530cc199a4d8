// What is there already, and the way to bring more.

import { Table, Text } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type Content, contentsOf } from '../contents.ts'

export function Home() {
  const { client, tenantId } = useBiplane()
  const { data: contents, error, refetch } = useQuery(contentsOf(client, tenantId))
  return (
    <Page title="Your tables" lead="Files that came in, and what was made of them.">
      {error !== null && <Problem error={error} retry={refetch} />}
      {contents === undefined && error === null && <Loading label="Loading your tables" />}
      {contents?.length === 0 && <NoContents />}
      {contents !== undefined && contents.length > 0 && <Contents contents={contents} />}
    </Page>
  )
}

const NoContents = () => (
  <Empty icon={<IconTable size={28} />} title="No tables yet">
    A file of CSV, TSV, JSON or NDJSON becomes a table that accounts for every record of it. Send the first one with{' '}
    <code>npm run biplane -- upload FILE</code>.
  </Empty>
)

const Contents = ({ contents }: { contents: Content[] }) => (
  <div className="panel">
    <Table.ScrollContainer minWidth={480} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Format</Table.Th>
            <Table.Th ta="end">Rows</Table.Th>
            <Table.Th ta="end">Rejected cells</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {contents.map(({ content_id, name, format, rows, rejected_cells }) => (
            <Table.Tr key={content_id}>
              <Table.Td fw={550}>{name}</Table.Td>
              <Table.Td c="dimmed">{format}</Table.Td>
              <Table.Td ta="end">{rows.landed.toLocaleString('en')}</Table.Td>
              <Table.Td ta="end">
                <Text inherit {...(rejected_cells === 0 ? { c: 'dimmed' } : { c: 'var(--bp-accent)', fw: 600 })}>
                  {rejected_cells.toLocaleString('en')}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  </div>
)

// Where each column comes from.

import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import '../grid/grid.css'
import type { ContractColumn } from '../data/product.ts'

export const Lineage = ({ columns }: { columns: readonly ContractColumn[] }) => (
  <div className="grid-box" role="region" aria-label="Lineage of the columns" tabIndex={0}>
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Column</Table.Th>
          <Table.Th>Comes from</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {columns.map(({ name, type, lineage }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">
              {name} <span className="grid-type">{type}</span>
            </Table.Th>
            <Table.Td>
              {lineage.map(({ content_id, content, column }) => (
                <div key={`${content_id} ${column}`}>
                  {column} of{' '}
                  <Link to="/tables/$contentId" params={{ contentId: content_id }}>
                    {content}
                  </Link>
                </div>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
)

// What `?` shows.

import { Kbd, Modal, Table } from '@mantine/core'

import type { App } from './app.ts'

export interface ShortcutsProps {
  app: Pick<App, 'places' | 'keys'>
  isOpen: boolean
  onClose: () => void
}

export function Shortcuts({ app, isOpen, onClose }: ShortcutsProps) {
  const rows: [keys: string[], what: string][] = [
    [['/'], 'Find'],
    [['Ctrl', 'K'], 'Find, from anywhere'],
    ...app.places.map(({ key, label }): [string[], string] => [['g', key], `Go to ${label}`]),
    ...(app.keys ?? []),
    [['?'], 'Show these keys'],
    [['Esc'], 'Close what is open'],
  ]
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table withRowBorders={false} highlightOnHover={false} verticalSpacing="xs">
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={what}>
              <Table.Td w="6.5rem">
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}

// The ways to bring files: all of the page takes them, and these are the ways for those who do not drag.

import { Button, FileButton, Group, Kbd, Text, Title } from '@mantine/core'
import { IconFilePlus, IconFolderPlus } from '@tabler/icons-react'
import { useRef } from 'react'

import './bring.css'

export interface BringProps {
  onFiles: (files: readonly File[]) => void
  /** Something is held over the page. */
  isOver: boolean
  /** Nothing is here yet: it is told at length, with the way to try it. */
  onTry: (() => void) | null
}

export const Bring = ({ onFiles, isOver, onTry }: BringProps) => (
  <section className="bring" data-over={isOver} data-first={onTry !== null} aria-label="Add files">
    <div className="bring-words">
      {onTry !== null && (
        <Title order={2} size="h3" mb={4}>
          No tables yet
        </Title>
      )}
      <Text fw={600} component="p">
        {isOver ? 'Let go, and they are on their way' : 'Drop files or folders anywhere on this page'}
      </Text>
      <Text c="dimmed" size="sm">
        CSV, TSV, JSON or NDJSON, in whatever encoding. Or copy cells in a spreadsheet and paste them here with{' '}
        <Kbd size="xs">Ctrl V</Kbd>.
      </Text>
    </div>
    <Group gap="xs" className="bring-ways">
      <FileButton multiple onChange={(files) => files.length > 0 && onFiles(files)}>
        {(props) => (
          <Button {...props} leftSection={<IconFilePlus size={17} aria-hidden />}>
            Choose files
          </Button>
        )}
      </FileButton>
      <FolderButton onFiles={onFiles} />
      {onTry !== null && (
        <Button variant="subtle" onClick={onTry}>
          Try it with two example files
        </Button>
      )}
    </Group>
  </section>
)

function FolderButton({ onFiles }: Pick<BringProps, 'onFiles'>) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={(element) => {
          input.current = element
          if (element !== null) element.webkitdirectory = true
        }}
        type="file"
        hidden
        aria-label="Folder"
        onChange={({ currentTarget }) => {
          if (currentTarget.files !== null && currentTarget.files.length > 0) onFiles([...currentTarget.files])
          currentTarget.value = ''
        }}
      />
      <Button
        variant="default"
        leftSection={<IconFolderPlus size={17} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        A folder
      </Button>
    </>
  )
}

// What the find box has found. The focus stays in the box; the list only shows what is chosen there.

import { Text } from '@mantine/core'

import type { Found } from './app.ts'

export interface FoundListProps {
  found: readonly Found[]
  chosen: number
  onChoose: (index: number) => void
  onOpen: (one: Found) => void
}

export const idOfFound = (index: number): string => `find-${index}`

export const FoundList = ({ found, chosen, onChoose, onOpen }: FoundListProps) => (
  <div className="find-list" id="find-list" role="listbox" aria-label="Found">
    {found.map((one, index) => (
      <div
        key={`${one.kind} ${one.to} ${one.label}`}
        id={idOfFound(index)}
        className="find-one"
        role="option"
        tabIndex={-1}
        aria-selected={index === chosen}
        onMouseMove={() => onChoose(index)}
        onClick={() => onOpen(one)}
        onKeyDown={({ key }) => key === 'Enter' && onOpen(one)}
      >
        <span className="find-label">{one.label}</span>
        <Text size="sm" c="dimmed">
          {one.kind}
        </Text>
      </div>
    ))}
  </div>
)
